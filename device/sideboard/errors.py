"""What goes wrong, and where it is said: the package's log, and the errors that scripts may catch."""

import logging

log = logging.getLogger("sideboard")


class SettingsError(ValueError):
    """A setting is missing or wrong; the text is one sentence that names it."""


def log_raised(what, error):
    """Logs what the script's own code raised."""
    log.exception("%s raised", what, exc_info=error)
