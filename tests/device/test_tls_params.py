"""ssl_params, as the official client takes them: what is wrong with them is said at once, in one sentence."""

import sys

from observed import error_of
from sideboard.settings import SettingsError
from sideboard.tls import cloud_roots, tls_context


def refusal(**params):
    return error_of(SettingsError, tls_context, params)


def test_certificate_without_its_key_is_said():
    for params in ({"certfile": "/a.der"}, {"keyfile": "/a.der"}):
        assert "certfile and keyfile belong together" in refusal(**params)


def test_secure_element_is_said_to_be_unsupported():
    text = refusal(certfile="/cert.der", keyfile="se05x:token=0x00000064")
    assert "secure element" in text and "token=0x00000064" in text


def test_files_without_certificate_and_key_are_said():
    text = refusal(certfile=__file__, keyfile=__file__)
    assert "certfile and keyfile hold no certificate and its key" in text


def test_unknown_ciphers_are_named():
    for ciphers in ("NO-SUCH-CIPHER", ["NO-SUCH-CIPHER"]):
        assert "NO-SUCH-CIPHER" in refusal(ciphers=ciphers)


def test_authorities_of_the_cloud_leave_no_module_in_memory():
    assert len(list(cloud_roots())) == 6
    assert len(list(cloud_roots(password=False))) == 1
    assert "sideboard.roots" not in sys.modules
    assert "roots" not in sys.modules["sideboard"].__dict__
