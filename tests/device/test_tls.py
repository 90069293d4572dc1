"""TLS: whom the board trusts, and the sentences that say what is wrong with a certificate."""

import os
import ssl

from observed import Log, error_of
from sideboard.settings import SettingsError
from sideboard.tls import cloud_roots, tls_context

NOWHERE = "/nowhere/ca.der"


class DerFile:
    """`with DerFile(data) as path:` is a file with this in it."""

    def __init__(self, data):
        self._path = "/tmp/sideboard-%d.der" % int.from_bytes(os.urandom(6), "big")
        self._data = data

    def __enter__(self):
        with open(self._path, "wb") as file:
            file.write(self._data)
        return self._path

    def __exit__(self, *error):
        os.remove(self._path)


def test_server_is_verified():
    assert tls_context({}).verify_mode == ssl.CERT_REQUIRED


def test_all_roots_of_the_arduino_cloud_are_certificates():
    roots = cloud_roots()
    assert len(roots) == 5 and len(cloud_roots(password=False)) == 1
    for root in roots:
        tls_context({"cadata": root})


def test_authority_comes_from_a_file():
    with DerFile(cloud_roots()[0]) as path:
        assert tls_context({}, path).verify_mode == ssl.CERT_REQUIRED
        assert tls_context({"cafile": path}).verify_mode == ssl.CERT_REQUIRED


def test_missing_file_is_named():
    for params, ca_file in (({}, NOWHERE), ({"cafile": NOWHERE}, None)):
        text = error_of(SettingsError, tls_context, params, ca_file)
        assert "CLOUD_CA" in text and NOWHERE in text


def test_file_without_certificate_is_named():
    for data in (b"", b"no certificate", cloud_roots()[0][:-9]):
        with DerFile(data) as path:
            assert "CLOUD_CA" in error_of(SettingsError, tls_context, {}, path)


def test_data_without_certificate_is_named():
    assert "cadata" in error_of(SettingsError, tls_context, {"cadata": b"no certificate"})


def test_trust_in_anyone_is_said():
    with Log() as log:
        assert tls_context({"verify_mode": ssl.CERT_NONE}).verify_mode == ssl.CERT_NONE
    assert len(log.texts) == 1 and "CERT_NONE" in log.texts[0]
