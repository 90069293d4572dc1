"""TLS: whom the board trusts."""

from .compat import log
from .settings import SettingsError


def tls_context(params, ca_file=None):
    """An SSLContext that verifies the server's certificate and name.

    params, as the official client's ssl_params: "cafile" or "cadata" (DER) name the CA to trust, "certfile"
    and "keyfile" the client's own, "verify_mode" ssl.CERT_NONE trusts anyone. ca_file: CLOUD_CA.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    verify = params.get("verify_mode", ssl.CERT_REQUIRED)
    if verify == ssl.CERT_NONE:
        log.warning("TLS: verify_mode is CERT_NONE, anyone may pose as the cloud")
        context.check_hostname = False
    context.verify_mode = verify
    if params.get("certfile"):
        context.load_cert_chain(params["certfile"], params.get("keyfile"))
    if params.get("ciphers"):
        context.set_ciphers(params["ciphers"])
    for authority in _authorities(params.get("cafile") or ca_file, params.get("cadata")):
        try:
            context.load_verify_locations(cadata=authority)
        except (ValueError, OSError):  # CPython's SSLError is an OSError
            raise SettingsError("CLOUD_CA or cadata holds no certificate in DER") from None
    return context


def _authorities(file, data):
    if file:
        try:
            with open(file, "rb") as stream:
                data = stream.read()
        except OSError:
            raise SettingsError("CLOUD_CA: there is no file %s" % file) from None
    if data:
        return (data,)
    from .roots import ROOTS  # the Arduino Cloud's

    return ROOTS
