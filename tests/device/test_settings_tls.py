"""Settings of TLS that are wrong: one sentence that names the setting."""

from test_settings_wrong import check_sentence, complaint, function, of_secrets


def test_what_ssl_params_hold_of_a_wrong_type_is_named():
    names = {
        "cafile": "CLOUD_CA",
        "cadata": "cadata",
        "certfile": "certfile",
        "server_hostname": "server_hostname",
    }
    for name in names:
        for value in (1.5, ["x"], {"x": "y"}, function):
            text = complaint(of_secrets("DASHBOARD", False), ssl_params={name: value})
            check_sentence(text, names[name])


def test_certificate_file_that_is_not_there_or_is_none_is_named():
    for path in ("/nowhere/ca.der", "/tmp", __file__):
        check_sentence(complaint(of_secrets("CLOUD_CA", path)), "CLOUD_CA")
