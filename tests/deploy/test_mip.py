"""package.json: mip installs from it all that a board needs, in MicroPython itself and by mpremote."""

import hashlib
import http.server
import json
import re
import shlex
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from plugged_board import PluggedBoard

from tools import ROOT, library, package
from tools.local import Board, Cloud
from tools.processes import Process, free_port

README = (ROOT / "README.md").read_text()
MAIN = ROOT / "device" / "main.py"
THING = [
    {"name": "ledSwitch", "type": "bool"},
    {"name": "led", "type": "bool", "permission": "READ_ONLY"},
    {"name": "light", "type": "ColoredLight"},
]
ELSEWHERE = "https://raw.githubusercontent.com/miguelgrinberg/"  # only this is not served as it stands there
# What the index holds of micropython-lib: here the packages that the simulated board has.
INDEX = {
    "umqtt.simple": {"umqtt/simple.py": library.INSTALLED / "umqtt" / "simple.py"},
    "logging": {"logging.py": ROOT / "tools" / "board" / "lib" / "logging.py"},
}
INSTALL = """
import mip
mip.install("{server}/sideboard", index="{server}/index")
"""


def test_package_json_is_up_to_date():
    assert package.FILE.read_text() == package.text(), "package.json is old: make package"


def test_every_module_and_the_page_are_in_package_json():
    parts = json.loads(package.FILE.read_text())
    assert {name for name, _ in parts["urls"]} | {"umqtt/simple.py"} == {
        *library.sources(),
        "boards.py",
        "sideboard/page.html.gz",
        "sideboard/more.js.gz",
        "sideboard/editor.js.gz",
        "sideboard/login.html.gz",
        "sideboard/setup.html.gz",
        "safestart/main.py",
    }
    assert {name for name, _ in parts["deps"]} == set(INDEX)


def test_own_files_are_there_and_others_are_pinned():
    parts = json.loads(package.FILE.read_text())
    for name, url in parts["urls"]:
        if url.startswith("https://"):
            assert url == f"{ELSEWHERE}microdot/v{version('microdot')}/src/{name}"
        else:
            assert (ROOT / url).is_file()
    assert all(version[0].isdigit() for _, version in parts["deps"])


def version(name):
    """What tools/requirements.txt pins."""
    lines = (ROOT / "tools" / "requirements.txt").read_text().splitlines()
    (pinned,) = [line.partition("==")[2] for line in lines if line.startswith(f"{name}==")]
    return pinned


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the repository below /sideboard, micropython-lib's index below /index, and microdot."""

    def do_GET(self):
        found = self.server.files.get(self.path)
        self.send_response(200 if found is not None else 404)
        self.end_headers()
        self.wfile.write(found or b"")

    def log_message(self, *args):
        self.server.asked.append(self.path)


@pytest.fixture(scope="module")
def server():
    """A server of all that is to be installed; `url`, and `asked`: the paths that were."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.url = f"http://127.0.0.1:{server.server_port}"
        server.files, server.asked = files(server.url), []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def files(url):
    """What the server has, by path."""
    text = package.FILE.read_text().replace(ELSEWHERE, f"{url}/")
    found = {"/sideboard/package.json": text.encode(), "/sideboard/device/main.py": MAIN.read_bytes()}
    parts = json.loads(text)
    modules = library.sources()
    for name, place in parts["urls"]:
        if place.startswith(url):
            found[place.removeprefix(url)] = modules[name].read_bytes()
        else:
            found[f"/sideboard/{place}"] = (ROOT / place).read_bytes()
    for name, pinned in parts["deps"]:
        hashes = []
        for target, source in INDEX[name].items():
            content = source.read_bytes()
            short = hashlib.sha256(content).hexdigest()[:8]
            hashes.append((target, short))
            found[f"/index/file/{short[:2]}/{short}"] = content
        found[f"/index/package/6/{name}/{pinned}.json"] = json.dumps({"v": 1, "hashes": hashes}).encode()
    return found


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), THING) as cloud:
        yield cloud


def installed(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def expected():
    sources = {**library.sources(), **INDEX["logging"], "boards.py": ROOT / "device" / "boards.py"}
    folder = ROOT / "device" / "sideboard"
    sources.update({f"sideboard/{name}": folder / name for name in package.PAGES})
    sources[library.STARTER] = ROOT / "device" / library.STARTER
    return {name: source.read_bytes() for name, source in sources.items()}


def check_it_runs(folder, cloud, tmp_path):
    """A board that has only what was installed serves the page and lights the LED."""
    http_port, pins = free_port(), tmp_path / "pins.json"
    command = [sys.executable, "-m", "tools.board", MAIN, "--secrets", cloud.folder / "secrets.py"]
    command += ["--http-port", http_port, "--pins", pins, "--library", folder, "--heap", "512k"]
    with Process(*command) as board:
        board.wait_for("Cloud: connected", timeout=20)
        page = urllib.request.urlopen(f"http://127.0.0.1:{http_port}/", timeout=5)
        assert page.read() == (ROOT / "device" / "sideboard" / "page.html.gz").read_bytes()
        for on in True, False:
            cloud.page.put("ledSwitch", on)
            cloud.page.wait_for("led", on)
            assert json.loads(pins.read_text())["LED_BUILTIN"]["value"] == (not on)
        assert "Traceback" not in board.output


def test_mip_installs_on_a_board(server, cloud, tmp_path):
    flash = tmp_path / "flash"
    folder = flash / "lib"
    folder.mkdir(parents=True)
    (tmp_path / "install.py").write_text(INSTALL.format(server=server.url))
    (tmp_path / "secrets.py").write_text("")
    with Board(tmp_path / "install.py", tmp_path / "secrets.py", flash=flash, library=folder) as board:
        assert board.wait(30) == 0
        assert board.output.splitlines()[-1] == "Done", board.output
    assert installed(folder) == expected()
    assert sorted(path.name for path in flash.iterdir()) == ["install.py", "lib", "secrets.py"]
    check_it_runs(folder, cloud, tmp_path)


def test_mpremote_installs_the_same_over_the_serial_port(server, tmp_path):
    with PluggedBoard(tmp_path) as board:
        (board.flash / "main.py").write_text("print('mine')")
        install = ["mip", "install", "--target", "lib", "--index", f"{server.url}/index"]
        command = [Path(sys.executable).with_name("mpremote"), "connect", board.port, *install]
        ended = subprocess.run(
            [*command, f"{server.url}/sideboard"], capture_output=True, text=True, timeout=120
        )
        assert ended.returncode == 0 and ended.stdout.splitlines()[-1] == "Done", ended.stdout + ended.stderr
        assert installed(board.flash / "lib") == expected()
        assert (board.flash / "main.py").read_text() == "print('mine')"


def test_readmes_commands_bring_everything_onto_a_board(server, tmp_path):
    (commands,) = re.findall(r"^```sh\n(mpremote mip .*?)^```", README, re.MULTILINE | re.DOTALL)
    *commands, last = commands.splitlines()
    assert last == "mpremote reset repl"
    (tmp_path / "secrets.py").write_text("WIFI_SSID = 'here'\n")
    mpremote = Path(sys.executable).with_name("mpremote")
    with PluggedBoard(tmp_path / "board") as board:
        for command in commands:
            command = command.replace("github:OWNER/sideboard", f"{server.url}/sideboard")
            command = command.replace("mip install", f"mip install --index {server.url}/index")
            words = [mpremote, "connect", board.port, *shlex.split(command)[1:]]
            ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
            assert ended.returncode == 0, ended.stdout + ended.stderr
        assert installed(board.flash / "lib") == expected()
        assert (board.flash / "main.py").read_bytes() == MAIN.read_bytes()
        assert (board.flash / "boot.py").read_text() == "import safestart\n"
        assert (board.flash / "secrets.py").read_text() == "WIFI_SSID = 'here'\n"
