"""A simulated board in the network whose modules lie on its flash, and who deploys to it over the air."""

from deploying import Maker

from tools.local import Board

PASSWORD = "the owner's"
SECRETS = f"""\
WIFI_SSID = "here"
DEVICE_ID = "ef77a0c8-0432-4574-85e1-54e3d5cac861"
SECRET_KEY = "TQHFHEKKKLSYMPB1OZLF"
CLOUD_SERVER, CLOUD_PORT = "127.0.0.1", 9
DASHBOARD_PASSWORD = "{PASSWORD}"
DASHBOARD_GUEST_PASSWORD = "guest"
"""
SCRIPT = """\
from sideboard import ArduinoCloudClient

client = ArduinoCloudClient()
client.register("version", value=%d)
client.start()
"""


class AirMaker(Maker):
    """Who deploys a script over the air, `version` 2 of it, without an index of packages."""

    where = "--host"

    def __init__(self, home, password=PASSWORD):
        self.home = home
        home.mkdir()
        self._index = "http://127.0.0.1:9"
        self.environment = {"PASSWORD": password}
        self.write(2)

    def write(self, version):
        (self.home / "mine.py").write_text(SCRIPT % version)

    def deploy(self, board, *options, **more):
        return super().deploy(board, "--yes", "--script", "mine.py", *options, **more)


class AirBoard(Board):
    """Runs version 1 of the script; `port` is its host and port. modules: {name: content} of its flash."""

    def __init__(self, folder, modules=(), secrets=SECRETS, **options):
        folder.mkdir()
        self.flash = folder / "flash"
        for name, content in dict(modules).items():
            (self.flash / name).parent.mkdir(parents=True, exist_ok=True)
            (self.flash / name).write_bytes(content)
        (folder / "main.py").write_text(SCRIPT % 1)
        (folder / "secrets.py").write_text(secrets)
        self.starts = 0
        super().__init__(folder / "main.py", folder / "secrets.py", flash=self.flash, **options)
        self.port = f"127.0.0.1:{self.http_port}"
        self.wait_until_it_starts()

    def wait_until_it_starts(self):
        self.starts += 1
        self.wait_for("Dashboard: ", 30, self.starts)

    def files(self):
        """{name: content} of the flash, but for what the board itself stores."""
        found = [file for file in self.flash.rglob("*") if file.is_file()]
        names = {str(file.relative_to(self.flash)): file for file in found}
        return {name: file.read_bytes() for name, file in names.items() if name != "sideboard.json"}
