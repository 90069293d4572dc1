"""What CPython does otherwise than MicroPython. Never put onto a board."""

import asyncio
import base64
import contextlib
import io
import logging
import socket
import ssl
import sys
import tempfile
import time
import types
import zlib
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT  # noqa: F401

# umqtt.simple asks for MicroPython's old module names, and everyone for const().
for _name in ("socket", "struct", "binascii"):
    sys.modules.setdefault("u" + _name, __import__(_name))
sys.modules.setdefault("micropython", types.SimpleNamespace(const=lambda number: number))


def root_logger():
    """The root logger, set up as MicroPython does when it is asked for."""
    logging.basicConfig()
    return logging.getLogger()


def sleep_ms(ms):
    return asyncio.sleep(ms / 1000)


def ticks_ms():
    return time.monotonic_ns() // 1000000


def ticks_add(ticks, ms):
    return ticks + ms


def ticks_diff(later, earlier):
    return later - earlier


def close(stream):
    stream.close()


def has_memory(size):
    return True


async def read_line(stream, most):
    line = b""
    while len(line) < most and line[-1:] != b"\n":
        part = await stream.read(1)
        if not part:
            break
        line += part
    return line


async def accept(listener):
    connection, _ = await asyncio.get_running_loop().sock_accept(listener)
    return await asyncio.open_connection(sock=connection)


def socket_of(stream):
    return stream.get_extra_info("socket")


async def look_up(host):
    addresses = await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET)
    return addresses[0][4][0]


class Wire:
    """A session's part that moves bytes: what mqtt.py has for MicroPython."""

    _writer = None
    _judged = False

    async def _connect(self, tls, host):
        opening = asyncio.open_connection(
            self.server, self.port, ssl=tls, server_hostname=host if tls else None
        )
        with mbedtls_errors():
            self._reader, self._writer = await asyncio.wait_for(opening, 10)

    async def readinto(self, data):
        at = 0
        while at < len(data):
            # With TLS 1.3 the server judges the board's certificate after the handshake.
            with contextlib.nullcontext() if self._judged else mbedtls_errors(secured=True):
                part = await self._reader.read(len(data) - at)
            if not part:
                raise EOFError
            self.heard = self._judged = True
            data[at : at + len(part)] = part
            at += len(part)

    is_open = True  # or perhaps not: asyncio connects and makes the handshake in one
    stopped = 0

    def _begin(self, data):
        return self.write(data)

    async def write(self, data):
        self._writer.write(data)
        await self._writer.drain()

    def close(self):
        if self._writer:
            self._writer.close()


# Words in what OpenSSL says of a certificate, and what mbedTLS says.
_TEXTS = {
    "issuer": "The certificate is not correctly signed by the trusted CA",
    "signature": "The certificate is not correctly signed by the trusted CA",
    "self-signed": "The certificate is not correctly signed by the trusted CA",
    "mismatch": "The certificate Common Name (CN) does not match with the expected CN",
    "expired": "The certificate validity has expired",
    "not yet valid": "The certificate validity starts in the future",
}


class SSLContext(ssl.SSLContext):
    """Takes DER, as MicroPython's does, and PEM."""

    @property
    def verify_mode(self):
        return super().verify_mode

    @verify_mode.setter
    def verify_mode(self, mode):
        self.check_hostname = bool(mode)
        super(SSLContext, SSLContext).verify_mode.__set__(self, mode)

    def load_verify_locations(self, cafile=None, cadata=None):
        data = Path(cafile).read_bytes() if cafile else cadata
        if isinstance(data, bytes) and b"-----BEGIN" in data:
            data = data.decode()
        super().load_verify_locations(cadata=data)

    def load_cert_chain(self, certfile, keyfile):
        certificate, key = Path(certfile).read_bytes(), Path(keyfile).read_bytes()
        for kind in ("EC", "RSA"):  # either label will do for PKCS #8
            with tempfile.NamedTemporaryFile() as file:
                file.write(_pem(certificate, "CERTIFICATE") + _pem(key, kind + " PRIVATE KEY"))
                file.flush()
                try:
                    return super().load_cert_chain(file.name)
                except ssl.SSLError as wrong:
                    error = wrong
        raise error


def _pem(data, label):
    if b"-----BEGIN" in data:
        return data
    return f"-----BEGIN {label}-----\n{base64.encodebytes(data).decode()}-----END {label}-----\n".encode()


@contextlib.contextmanager
def mbedtls_errors(secured=False):
    """Within it, errors of TLS are those that MicroPython raises for the same cause.

    secured: the handshake had succeeded, but with TLS 1.3 the server judges the board's certificate later.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        raise _as_mbedtls(error, secured) from error


def _as_mbedtls(error, secured):
    name = getattr(error, "reason", None) or ""
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message
        return ValueError(next((text for word, text in _TEXTS.items() if word in said), said))
    reset = isinstance(error, ConnectionResetError) or "EOF" in name
    if "ALERT" in name or secured and reset:
        number = -0x7780
    elif "VERSION" in name or "RECORD" in name:
        number = -0x7200
    elif reset:
        number = -0x7280
    elif name:
        number = -0x6C00  # an internal error
    else:
        return error
    return OSError(number, str(error))


def _inflated(stream, kind, bits):
    return io.BytesIO(zlib.decompress(stream.read(), -bits))


# Of MicroPython's module, what roots.py needs.
sys.modules.setdefault("deflate", types.SimpleNamespace(RAW=1, DeflateIO=_inflated))
