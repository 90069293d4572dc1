"""What a failed connection over TLS means. Loaded when one fails."""

import time
from errno import ECONNRESET

from .compat import EPOCH, MICROPYTHON, now

_RESET = () if MICROPYTHON else ConnectionResetError  # asyncio's has no number

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
