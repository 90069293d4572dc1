"""What tests look at: the error a call raises, the lines of the log, what the peers are told."""

import logging


def error_of(kind, call, *args):
    """The text of the exception of this kind that the call raises; another one passes through."""
    try:
        call(*args)
    except kind as error:
        return str(error)
    raise AssertionError("%s was not raised" % kind.__name__)


async def error_of_awaited(kind, coroutine):
    """The exception of this kind that the coroutine raises; another one passes through."""
    try:
        await coroutine
    except kind as error:
        return error
    raise AssertionError("%s was not raised" % kind)


class Log(logging.Handler):
    """Within `with Log() as log:`, the texts that Sideboard logs are in `log.texts`, all levels."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def emit(self, record):
        # MicroPython's records have the text, and a traceback is a record of its own; CPython's make both.
        text = record.getMessage() if hasattr(record, "getMessage") else record.message
        if getattr(record, "exc_info", None):
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        if text.startswith("Traceback") and self.texts:
            self.texts[-1] += "\n" + text
        else:
            self.texts.append(text)

    def __enter__(self):
        logger = logging.getLogger("sideboard")
        logger.addHandler(self)
        self._level = logger.level
        logger.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *error):
        logger = logging.getLogger("sideboard")
        logger.setLevel(self._level)
        logger.removeHandler(self)


def told(peer):
    """What the peer was told since the last call."""
    changed, peer.changed = peer.changed, set()
    return changed
