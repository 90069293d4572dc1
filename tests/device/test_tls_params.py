"""ssl_params, as the official client takes them: what is wrong with them is said at once, in one sentence."""

import sys

from observed import error_of
from sideboard.settings import SettingsError
from sideboard.tls import cloud_roots, tls_context


def refusal(**params):
    return error_of(SettingsError, tls_context, params)


def test_certificate_without_its_key_is_said():
    for params in ({"certfile": __file__}, {"keyfile": __file__}, {"certfile": __file__, "keyfile": None}):
        assert "certfile and keyfile must be files" in refusal(**params)


def test_missing_certificate_is_named():
    assert "there is no file /a.der or /b.der" in refusal(certfile="/a.der", keyfile="/b.der")


def test_secure_element_is_said_to_be_unsupported():
    text = refusal(certfile="/cert.der", keyfile="se05x:token=0x00000064")
    assert "not in a secure element" in text and "token=0x00000064" in text


def test_files_without_certificate_and_key_are_said():
    text = refusal(certfile=__file__, keyfile=__file__)
    assert "certfile and keyfile must be files in DER" in text
    assert "there is no file" not in text


def test_unknown_ciphers_are_named():
    for ciphers in ("NO-SUCH-CIPHER", ["NO-SUCH-CIPHER"]):
        assert "NO-SUCH-CIPHER" in refusal(ciphers=ciphers)


def test_authorities_of_the_cloud_leave_no_module_in_memory():
    cloud_roots()
    assert "sideboard.roots" not in sys.modules
    assert "roots" not in sys.modules["sideboard"].__dict__
