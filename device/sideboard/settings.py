"""Settings: what `secrets.py` says, checked. Used once, and then forgotten."""

from .compat import SettingsError


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

    def hostname(self, device_id):
        """HOSTNAME, or one made of the device's id: letters, digits and hyphens, as RFC 1123 has it."""
        name = self.get("HOSTNAME")
        if name is None:
            name = "sideboard-" + device_id[:6].decode()
            return name if _is_plain(name[10:]) else "sideboard"
        plain = name.replace("-", "a") if isinstance(name, str) else ""
        if not plain or not _is_plain(plain) or len(name) > 32 or name[0] == "-" or name[-1] == "-":
            raise SettingsError("HOSTNAME must be letters, digits and hyphens, 32 at most, not %r" % (name,))
        return name


def _is_plain(text):
    return all("a" <= c <= "z" or "0" <= c <= "9" for c in text.lower())
