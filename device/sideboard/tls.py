"""TLS: whom the board trusts, and who it is itself. Used once, and then forgotten."""

import io

from .compat import MICROPYTHON, SettingsError, forget, log

if MICROPYTHON:
    import deflate
    import tls as ssl  # what the module `ssl` wraps, and its set_ciphers
else:
    import ssl
    import zlib


def tls_context(params, ca_file=None, password=True):
    """An SSLContext that verifies the server's certificate and name.

    params: the official client's ssl_params; ca_file: CLOUD_CA; password: whether the board logs in with one:
    that decides on the Arduino Cloud's server. MicroPython takes DER; CPython takes PEM, for a CA also DER.
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

    forget("roots")
    yield roots.CADATA
    if not password:
        return
    data = io.BytesIO(roots.DEFLATED if MICROPYTHON else zlib.decompress(roots.DEFLATED, -11))
    stream = deflate.DeflateIO(data, deflate.RAW, 11) if MICROPYTHON else data
    head = stream.read(4)
    while head:  # a sequence, its length in two bytes
        yield head + stream.read(head[2] << 8 | head[3])
        head = stream.read(4)


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
        raise SettingsError("CLOUD_CA, cafile or cadata holds no certificate in DER") from None


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
        kind = "DER" if MICROPYTHON else "PEM"
        text = "ssl_params: certfile and keyfile hold no certificate and its key in "
        raise SettingsError(text + kind) from None


def _content(file, setting):
    """What a file holds; bytes, as MicroPython's ssl takes, are the content itself."""
    if not isinstance(file, str):
        return file
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError:
        raise SettingsError("%s: there is no file %s" % (setting, file)) from None
