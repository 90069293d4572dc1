"""Settings: what `secrets.py` says, checked."""


class SettingsError(ValueError):
    """A setting is missing or wrong; the text is one sentence that names it."""


class Settings:
    """The names in secrets.py; each may be missing."""

    def __init__(self):
        self._secrets = None
        try:
            import secrets

            self._secrets = secrets
        except ImportError:
            pass
        except Exception as error:
            raise SettingsError("secrets.py is not valid Python: %s" % error) from None

    def get(self, *names, default=None):
        """The first of the names that is set."""
        for name in names:
            value = getattr(self._secrets, name, None)
            if value is not None:
                return value
        return default

    def port(self, name, default):
        port = self.get(name, default=default)
        if type(port) is not int or not 0 < port < 65536:
            raise SettingsError("%s must be a port from 1 to 65535, not %r" % (name, port))
        return port

    def credential(self, *names, given=None):
        """`given`, or what secrets.py says, as bytes."""
        value = given if given is not None else self.get(*names)
        if isinstance(value, str):
            value = value.encode()
        if not value:
            raise SettingsError("%s is missing: put it into secrets.py" % " or ".join(names))
        if not isinstance(value, bytes):
            raise SettingsError("%s must be text, not %r" % (" or ".join(names), value))
        return value
