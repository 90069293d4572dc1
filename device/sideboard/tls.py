"""TLS: whom the board trusts, and who it is itself. Used once, and then forgotten."""

from .compat import MICROPYTHON, forget
from .errors import SettingsError, log

if MICROPYTHON:
    import ssl
else:
    from . import cpython as ssl


def tls_context(params, ca_file=None, password=True):
    """An SSLContext that verifies the server's certificate and name.

    params: the official client's ssl_params; ca_file: CLOUD_CA; password: whether the board logs in with one:
    that decides on the Arduino Cloud's server, and so on who vouches for it.
    """
    get = params.get
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = get("verify_mode", 2) and 2  # CERT_REQUIRED; 0 is CERT_NONE
    files = (get("cafile") or ca_file,)
    text = "CLOUD_CA, cafile or cadata holds no certificate in DER"
    try:
        if not context.verify_mode:
            log.warning("TLS: CERT_NONE, so anyone may pose as the cloud")
        elif files[0]:
            context.load_verify_locations(*files)
        else:
            data = get("cadata")
            for authority in cloud_roots(password) if data is None else (data,):
                context.load_verify_locations(cadata=authority)
        files = get("certfile") or "?", get("keyfile") or "?"
        text = "certfile and keyfile must be files in DER, and not in a secure element"
        if files != ("?", "?"):
            context.load_cert_chain(*files)
        # Since MicroPython 1.23 `ssl` is in Python, and only what it wraps has set_ciphers.
        context = getattr(context, "_context", context)
        ciphers = get("ciphers")
        text = "unknown ciphers: %r" % (ciphers,)
        if ciphers:
            context.set_ciphers(ciphers)
    except (TypeError, ValueError, OSError) as error:
        if 2 in error.args:  # ENOENT
            text += ": there is no file " + " or ".join(map(str, files))
        raise SettingsError(text) from None
    return context


def cloud_roots(password=True):
    """Those who vouch for the Arduino Cloud, in DER; its server depends on the kind of login."""
    from .roots import ROOTS

    forget("roots")
    return ROOTS if password else ROOTS[:1]
