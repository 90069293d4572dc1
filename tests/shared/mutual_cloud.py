"""The local cloud, for a device that has a certificate in place of a password: cert.der and key.der."""

import runpy
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tools  # noqa: E402, F401  it puts the board's code on the path

# isort: split

from pem import der  # noqa: E402

from tools.cloud import broker, credentials  # noqa: E402

server_context = credentials.Credentials.server_context


def mutual_context(self):
    device = self._authority.issue_cert("device")
    (self._folder / "cert.der").write_bytes(der(device.cert_chain_pems[0]))
    (self._folder / "key.der").write_bytes(der(device.private_key_pem))
    context = server_context(self)
    self._authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def by_certificate(self, session, listener):
    return (session.client_id, session.username) == (self._credentials.device_id, None)


credentials.Credentials.server_context = mutual_context
broker.Broker._authenticate = by_certificate
runpy.run_module("tools.cloud", run_name="__main__", alter_sys=True)
