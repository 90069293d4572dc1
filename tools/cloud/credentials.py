"""Who the cloud and its device are: identities, the password and certificates, kept in a folder."""

import json
import secrets
import ssl
import string
import uuid
from pathlib import Path

import trustme

from .files import BadFile, read_json, write_whole

_SECRETS = """\
# Settings of a board for the local cloud beside this file.
WIFI_SSID = "sideboard"
WIFI_PASS = "a password"
WIFI_PASSWORD = WIFI_PASS
DEVICE_ID = {device_id!r}
SECRET_KEY = {password!r}
CLOUD_PASSWORD = SECRET_KEY.encode()
CLOUD_SERVER = "127.0.0.1"
CLOUD_PORT = {port}
CLOUD_CA = "ca.der"
"""


class Credentials:
    """A device's id and password, its Thing's id and the certificate authority, kept in `folder`."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        known = read_json(self._folder / "device.json", dict) or {}
        self.device_id = known.get("device_id") or str(uuid.uuid4())
        self.thing_id = known.get("thing_id") or str(uuid.uuid4())
        self.password = known.get("password") or _new_password()
        self._authority = self._load_authority() or trustme.CA(organization_name="Sideboard local cloud")

    def _load_authority(self):
        file = self._folder / "ca.pem"
        if not file.exists():
            return None
        try:
            return trustme.CA.from_pem(file.read_bytes(), file.read_bytes())
        except (ValueError, TypeError) as error:
            raise BadFile(f"{file} holds no certificate and key: {error}") from None

    def save(self, port):
        """Writes what the next start needs, and `secrets.py` and `ca.der` for a board."""
        known = {"device_id": self.device_id, "password": self.password, "thing_id": self.thing_id}
        write_whole(self._folder / "device.json", json.dumps(known, indent=1).encode(), private=True)
        certificate, key = self._authority.cert_pem.bytes(), self._authority.private_key_pem.bytes()
        write_whole(self._folder / "ca.pem", certificate + key, private=True)
        write_whole(self._folder / "ca.der", ssl.PEM_cert_to_DER_cert(certificate.decode()))
        text = _SECRETS.format(device_id=self.device_id.encode(), password=self.password, port=port)
        write_whole(self._folder / "secrets.py", text.encode(), private=True)

    def server_context(self):
        """TLS settings of a server that is localhost and 127.0.0.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        return context


def _new_password():
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(20))
