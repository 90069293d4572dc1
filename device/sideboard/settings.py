"""Settings: what `secrets.py` says, checked. Used once, and then forgotten."""

from .compat import SettingsError

_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-"


class Settings:
    """The names in secrets.py; each may be missing."""

    def __init__(self):
        try:
            import secrets
        except ImportError:
            secrets = None
        except Exception as error:
            raise SettingsError("secrets.py is not valid Python: %s" % error) from None
        self._secrets = secrets

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

    def credentials(self, device_id, username, password, certificate):
        """How the device shows who it is, given these: by a password, or by a certificate alone."""
        device_id = self.credential("DEVICE_ID", given=device_id)
        if password or not certificate:
            password = self.credential("SECRET_KEY", "CLOUD_PASSWORD", given=password)
            username = username.encode() if isinstance(username, str) else username or device_id
        else:
            username = password = None  # MQTT's user name comes with a password
        return {
            "device_id": device_id,
            "username": username,
            "password": password,
            "certificate": certificate,
        }

    def hostname(self, device_id):
        """HOSTNAME, or one made of the device's id: letters, digits and hyphens, as RFC 1123 has it."""
        own = "sideboard-" + device_id[:6].decode()
        name = self.get("HOSTNAME", default=own)
        if isinstance(name, str) and 0 < len(name) < 33 and name.strip("-") == name:
            if all(character in _PLAIN for character in name.lower()):
                return name
        if name is own:
            return "sideboard"
        raise SettingsError("HOSTNAME must be letters, digits and hyphens, 32 at most, not %r" % (name,))
