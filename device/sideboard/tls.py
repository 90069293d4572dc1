"""TLS: whom the board trusts, who it is itself, and what a failed connection means."""

import io
import sys
import time
from errno import ECONNRESET

from .compat import EPOCH, MICROPYTHON, log, now
from .settings import SettingsError

if MICROPYTHON:
    import deflate
    import tls as ssl  # what the module `ssl` wraps, and its set_ciphers

    _RESET = ()
else:
    import ssl
    import zlib

    _RESET = ConnectionResetError  # asyncio's has no number

# mbedTLS's numbers: not every port has the texts.
_NOT_VERIFIED = -0x2700
_ALERT = -0x7780
_CLOSED = -0x7280
_NO_RECORD = -0x7200
_EPIPE = 32  # the server closed while we went on with the handshake

# Words in what mbedTLS or OpenSSL says of a certificate, and ours for them.
_CAUSES = (
    (("sign", "unable"), "is signed by no authority that the board trusts"),
    (("match",), "is not for the name %(hostname)s"),
    (("expired",), "has expired (%(clock)s)"),
    (("future", "yet valid"), "is not yet valid (%(clock)s)"),
)


def tls_context(params, ca_file=None, password=True):
    """An SSLContext that verifies the server's certificate and name.

    params: the official client's ssl_params; ca_file: CLOUD_CA; password: whether the board logs in with one:
    that decides on the Arduino Cloud's server. Files hold DER or PEM; certfile and keyfile on CPython PEM.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if params.get("verify_mode", ssl.CERT_REQUIRED) == ssl.CERT_NONE:
        log.warning("TLS: verify_mode is CERT_NONE, anyone may pose as the cloud")
        if not MICROPYTHON:
            context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.verify_mode = ssl.CERT_REQUIRED
        _trust(context, _authorities(params.get("cafile") or ca_file, params.get("cadata"), password))
    if params.get("certfile") or params.get("keyfile"):
        _load_own(context, params.get("certfile"), params.get("keyfile"))
    if params.get("ciphers"):
        try:
            context.set_ciphers(params["ciphers"])
        except (TypeError, ValueError, OSError):  # CPython's SSLError is an OSError
            raise SettingsError("ssl_params: there are no such ciphers: %r" % (params["ciphers"],)) from None
    return context


def cloud_roots(password=True):
    """Yields those who vouch for the Arduino Cloud, in DER; its server depends on the kind of login."""
    from . import roots

    del sys.modules[roots.__name__], sys.modules[__name__.rpartition(".")[0]].roots  # it is needed once
    yield roots.CADATA
    if not password:
        return
    data = io.BytesIO(roots.DEFLATED if MICROPYTHON else zlib.decompress(roots.DEFLATED, -11))
    stream = deflate.DeflateIO(data, deflate.RAW, 11) if MICROPYTHON else data
    head = stream.read(4)
    while head:  # a sequence, its length in two bytes
        yield head + stream.read(head[2] << 8 | head[3])
        head = stream.read(4)


def tls_failure(error, link, secured=False):
    """Says what went wrong when a connection over TLS was opened; None when it was not TLS.

    link: the connection's server, port, hostname, and certificate: whether the board has one;
    secured: the handshake had succeeded, but with TLS 1.3 the server judges the board's certificate later.
    """
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    name = getattr(error, "reason", None) or ""  # OpenSSL's
    server = link["server"]
    if isinstance(error, ValueError) or number == _NOT_VERIFIED:
        return "the certificate of %s %s" % (server, _cause(error, link["hostname"]))
    wish = "refuses ssl_params' certificate" if link["certificate"] else "wants a certificate in ssl_params"
    reset = number in (_CLOSED, ECONNRESET) or "EOF" in name or isinstance(error, _RESET)
    if number in (_ALERT, _EPIPE) or "ALERT" in name or secured and reset:
        return "%s refuses the TLS connection: it probably %s" % (server, wish)
    no_tls = "%s speaks no TLS on port %d" % (server, link["port"])
    if number == _NO_RECORD or "VERSION" in name or "RECORD" in name:
        return no_tls
    if reset:
        return "%s, or %s: it closed the connection" % (no_tls, wish)
    if number < -256 or name:
        return "TLS with %s failed: %s" % (server, error)
    return None


def _cause(error, hostname):
    text = getattr(error, "verify_message", None) or str(error).strip()
    clock = "the board's clock is not set"
    if now():
        clock = "the board's clock says %d-%02d-%02d" % time.gmtime(now() - EPOCH)[:3]
    ours = [cause for words, cause in _CAUSES if any(word in text for word in words)]
    return " and ".join(ours) % {"hostname": hostname, "clock": clock} if ours else "does not verify: " + text


def _authorities(file, data, password):
    if file:
        data = _content(file, "CLOUD_CA or cafile")
    if data is not None:
        return (data,)
    return cloud_roots(password)


def _trust(context, authorities):
    try:
        for authority in authorities:
            if MICROPYTHON:
                context.load_verify_locations(authority)
                continue
            if isinstance(authority, bytes) and b"-----BEGIN" in authority:
                authority = authority.decode()
            context.load_verify_locations(cadata=authority)
    except (TypeError, ValueError, OSError):
        raise SettingsError("CLOUD_CA, cafile or cadata holds no certificate") from None


def _load_own(context, certificate, key):
    if not certificate or not key:
        raise SettingsError("ssl_params: certfile and keyfile belong together, and one is missing")
    for file in (certificate, key):
        if isinstance(file, str) and "token=" in file:
            raise SettingsError("ssl_params: %s is in a secure element; only files are supported" % file)
    contents = [_content(file, "certfile or keyfile") for file in (certificate, key)]
    try:
        context.load_cert_chain(*(contents if MICROPYTHON else (certificate, key)))
    except (TypeError, ValueError, OSError):
        kind = "DER or PEM" if MICROPYTHON else "PEM"
        raise SettingsError(
            "ssl_params: %s and %s hold no certificate and its key in %s" % (certificate, key, kind)
        ) from None


def _content(file, setting):
    """What a file holds; bytes, as MicroPython's ssl takes, are the content itself."""
    if not isinstance(file, str):
        return file
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError:
        raise SettingsError("%s: there is no file %s" % (setting, file)) from None
