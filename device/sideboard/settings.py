"""Settings: what the script gave, or else what `secrets.py` says, checked. Used once, and then forgotten."""

from .errors import SettingsError

_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-"


class Settings:
    """Settings by their names in secrets.py; each may be missing. given: those of the script, or None."""

    def __init__(self, given=None):
        try:
            import secrets
        except ImportError as error:
            if "'secrets'" not in str(error):
                raise SettingsError("secrets.py imports what is not there: %s" % error) from None
            secrets = None
        except Exception as error:
            raise SettingsError("secrets.py is not valid Python: %s" % error) from None
        self._secrets = secrets
        self._given = given or {}

    def get(self, name, default=None):
        value = self._given.get(name)
        if value is None:
            value = getattr(self._secrets, name, None)
        return default if value is None else value

    def of(self, kind, name, default=None):
        """The setting, a str or bool."""
        value = self.get(name, default)
        if value is not default and (type(value) is not kind or value == ""):
            words = "text" if kind is str else "True or False"
            raise SettingsError("%s must be %s, not %r" % (name, words, value))
        return value

    def port(self, name, default):
        port = self.get(name, default)
        if type(port) is not int or not 0 < port < 65536:
            raise SettingsError("%s must be a port from 1 to 65535, not %r" % (name, port))
        return port

    def login(self, ssl_params):
        """What it takes to log in to the cloud: the secret key, or a certificate of the board's own.

        ssl_params: the official client's.
        """
        device_id = self.credential("DEVICE_ID")
        certificate = bool(ssl_params.get("certfile"))
        if certificate and not self._given.get("SECRET_KEY"):
            server, port = "iot.arduino.cc", 8885
            username = password = None  # MQTT's user name comes with a password
        else:
            server, port = "mqtts-up.iot.arduino.cc", 8884
            password = self.credential("SECRET_KEY", "CLOUD_PASSWORD")
            username = self.credential("user name", "DEVICE_ID")
        server = self.of(str, "CLOUD_SERVER", server)
        return {
            "device_id": device_id,
            "username": username,
            "password": password,
            "certificate": certificate,
            "server": server,
            "port": self.port("CLOUD_PORT", port),
            "hostname": ssl_params.get("server_hostname") or server,
        }

    def credential(self, name, other=""):
        """The setting, or else the other one, as bytes."""
        value = self.get(name, self.get(other))
        if isinstance(value, str):
            value = value.encode()
        if not value:
            raise SettingsError("%s is missing: put it into secrets.py" % name)
        if not isinstance(value, bytes):
            raise SettingsError("%s must be text, not %r" % (name, value))
        return value

    def hostname(self, device_id):
        """HOSTNAME, or one made of the device's id: letters, digits and hyphens, as RFC 1123 has it."""
        own = "sideboard-" + str(device_id[:6])[2:-1]  # within b'…': it may be no text
        name = self.get("HOSTNAME", own)
        if isinstance(name, str) and 0 < len(name) < 33 and name.strip("-") == name:
            if all(character in _PLAIN for character in name.lower()):
                return name
        if name is own:
            return "sideboard"
        raise SettingsError("HOSTNAME must be 32 letters, digits and hyphens at most, not %r" % (name,))
