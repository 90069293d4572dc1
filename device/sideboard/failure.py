"""What it means when the link to the cloud fails, or the script: in one sentence. Loaded when it does."""

import asyncio
import io
import os
import sys
import time
from errno import ECONNABORTED, ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENOBUFS, ENOMEM, ETIMEDOUT

from .client import ArduinoCloudClient
from .errors import SettingsError, log_raised
from .mqtt import MQTTException

_ENFILE, _EMFILE, _ENETUNREACH = 23, 24, 101  # MicroPython's errno lacks these


def failure(error, link, stage):
    """Says what went wrong, for the log and the page.

    link: the connection's server, port, hostname, and certificate: whether the board has one;
    stage: "connecting" to the server, then "securing" the connection by TLS; later, or before, "".
    """
    text = tls_failure(error, link) if stage == "securing" else None
    if text:
        return text
    number = getattr(error, "errno", None)
    if isinstance(error, MQTTException):
        wrong = error.args[0] in (2, 4, 5)
        text = " refused DEVICE_ID and SECRET_KEY" if wrong else " is not available now"
    elif isinstance(error, asyncio.TimeoutError) or number == ETIMEDOUT:  # on CPython an OSError, too
        text = " does not answer"
    elif number == ECONNREFUSED or number == ECONNRESET and stage == "connecting":  # as lwIP says
        text = " refuses connections on port %s" % link["port"]
    elif isinstance(error, EOFError) or number == ECONNRESET:
        text = " closed the connection"
    elif number == ECONNABORTED:
        text = ": the connection was lost, as the network was"
    elif number in (EHOSTUNREACH, _ENETUNREACH):
        text = " cannot be reached: is the network connected to the internet?"
    elif number in (ENOMEM, ENOBUFS):
        text = ": the network has no memory for a connection"
    elif number in (_ENFILE, _EMFILE):
        text = ": the network has no connection left"
    else:
        if not isinstance(error, OSError):
            log_raised("Cloud", error)
        text = ": " + (str(error) or repr(error))
    return link["server"] + text


def tls_failure(error, link):
    """Says what went wrong when a connection over TLS was opened; None when it was not TLS."""
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


def rescue(traceback):
    """Runs all but the cloud without the script, which failed too often, until a restart. For safestart.

    traceback: of the script's last failure, or its end; "": that was a reset.
    """
    if "frozen_main'" in traceback:
        reason = "there is none"
    elif traceback:
        reason = _told(traceback, "main.py") + " (3 times)"
    else:
        reason = "it was reset within a minute 3 times"
    try:
        client = ArduinoCloudClient()
    except SettingsError as error:
        return _ask_anew(str(error))
    create_task = client.create_task
    client.create_task = lambda name, *args: name in ("cloud", "start") or create_task(name, *args)
    client.registry.set_status(cloud="offline", error="main.py was left out: " + reason)
    client.start()


def _told(traceback, file):
    """What a traceback says, and in which line of the file."""
    _, found, place = traceback.rpartition(file + '", ')  # line 5, in <module>
    line = place.split("\n")[0].split(",")[0] + ": " if found else ""
    return line + traceback.rstrip().split("\n")[-1]


def _ask_anew(trouble):
    """Sets secrets.py aside, as no board runs with it, and has the setup ask for what is to be in it."""
    from .setup import start

    try:
        import secrets  # noqa: F401
    except Exception as error:
        text = io.StringIO()
        sys.print_exception(error, text)
        trouble = _told(text.getvalue(), "secrets.py")
    os.rename("secrets.py", "secrets.old")
    sys.modules.pop("secrets", None)
    start("secrets.py was set aside as secrets.old: " + trouble)
