"""What a failed connection over TLS means. Loaded when one fails."""

import time


def tls_failure(error, link):
    """Says what went wrong when a connection over TLS was opened; None when it was not TLS.

    link: the connection's server, port, hostname, and certificate: whether the board has one.
    """
    number = error.args[0] if error.args else 0  # mbedTLS's: not every port has the texts
    text = " speaks no TLS on port %d" % link["port"]
    wish = "wants %s certificate in ssl_params" % ("another" if link["certificate"] else "a")
    if isinstance(error, ValueError) or number == -0x2700:  # of the certificate: all that is wrong, in lines
        text = ": %s (name: %s, clock: %d-%02d-%02d)" % (
            (str(error).strip().replace("\n\n", ", "), link["hostname"]) + time.gmtime()[:3]
        )
    elif number in (-0x7780, 32):  # an alert; EPIPE: the server closed while we went on with the handshake
        text = " refuses TLS: it probably " + wish
    elif number in (-0x7280, 104):  # the end; ECONNRESET
        text += ", or %s: it closed the connection" % wish
    elif number != -0x7200:  # no record of TLS
        if not isinstance(number, int) or number > -256:
            return None
        text = ": TLS failed: %s" % error
    return link["server"] + text
