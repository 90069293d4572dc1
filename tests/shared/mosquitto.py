"""mosquitto as the cloud's broker: TLS and a password for the board, a plain port for the Thing."""

import getpass
import os
import shutil
import subprocess

from tools.cloud.credentials import Credentials
from tools.processes import Process, free_port


class Program(Process):
    """mosquitto in a folder, with these lines of configuration; within `with`, it serves."""

    def __init__(self, folder, lines):
        config = [f"user {getpass.getuser()}", "log_dest stderr", *lines]
        (folder / "mosquitto.conf").write_text("\n".join(config) + "\n")
        # It ends with the process that started it, even if that is killed.
        ending = _program("setpriv"), "--pdeathsig", "TERM"
        super().__init__(*ending, _program("mosquitto"), "-c", "mosquitto.conf", cwd=folder)

    def __enter__(self):
        try:
            self.wait_for("running")
        except AssertionError:
            self.kill()
            raise
        return self


class Mosquitto(Program):
    """Within `with`, it serves the device of the credentials, whose folder has its settings then.

    queue: so many messages wait for a client at most; what is beyond is dropped.
    """

    def __init__(self, folder, credentials=None, mqtt_port=None, queue=1000):
        self.folder = folder
        self.mqtt_port, self.plain_port = mqtt_port or free_port(), free_port()
        self._credentials = credentials or Credentials(folder)
        self._credentials.save(self.mqtt_port)
        self.secrets = {}
        exec((folder / "secrets.py").read_text(), self.secrets)
        self._write_certificate()
        self._write_passwords()
        lines = [
            "per_listener_settings true",
            f"listener {self.mqtt_port} 127.0.0.1",
            "certfile server.pem",
            "keyfile server-key.pem",
            "password_file passwords",
            f"listener {self.plain_port} 127.0.0.1",
            "allow_anonymous true",
            f"max_queued_messages {queue}",
        ]
        super().__init__(folder, lines)

    def _write_certificate(self):
        leaf = self._credentials._authority.issue_cert("127.0.0.1")
        leaf.cert_chain_pems[0].write_to_path(self.folder / "server.pem")
        leaf.private_key_pem.write_to_path(self.folder / "server-key.pem")

    def _write_passwords(self):
        passwords = self.folder / "passwords"
        passwords.touch()
        for user in (self._credentials.device_id, "thing"):
            command = [_program("mosquitto_passwd"), "-b", passwords, user, self._credentials.password]
            subprocess.run(command, check=True)


def _program(name):
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, f"The tests need {name}; on Debian: apt-get install mosquitto"
    return path
