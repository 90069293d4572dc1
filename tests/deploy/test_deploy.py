"""make deploy, on the real MicroPython behind a pseudo-terminal: from an empty board to a running page."""

import io
import re
import shutil
import time

import pytest
import segno
from deploying import STAND_IN, Index, Maker, contents
from plugged_board import PluggedBoard

from tools import ROOT, frozen, joined
from tools.deploy import files
from tools.library import compile_into
from tools.local import Cloud
from tools.processes import free_port

OFFICIAL = """
import logging

from arduino_iot_cloud import ArduinoCloudClient
from secrets import DEVICE_ID, SECRET_KEY


def on_switch(client, value):
    client["led"] = value


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient(device_id=DEVICE_ID, username=DEVICE_ID, password=SECRET_KEY)
client.register("sw1", value=False, on_write=on_switch)
client.register("led", value=False)
client.start()
"""

README = (ROOT / "README.md").read_text()
NO_MPY = "import tools.deploy.files; tools.deploy.files.MPY = 5"
THING = [{"name": "ledSwitch", "type": "bool"}, {"name": "led", "type": "bool", "permission": "READ_ONLY"}]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud"), THING) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index(tmp_path_factory.mktemp("index")) as index:
        yield index


@pytest.fixture
def maker(cloud, index, tmp_path):
    """With a secrets.py for the cloud."""
    home = tmp_path / "home"
    home.mkdir()
    settings = f"WIFI_SSID = 'here'\nDASHBOARD_PORT = {free_port()}\n"
    (home / "secrets.py").write_text((cloud.folder / "secrets.py").read_text() + settings)
    (home / "ca.der").write_bytes((cloud.folder / "ca.der").read_bytes())
    return Maker(home, index)


@pytest.fixture
def board(tmp_path):
    with PluggedBoard(tmp_path / "board") as board:
        yield board


@pytest.fixture
def deployed(maker, board):
    """A board that runs what was deployed."""
    maker.deploy(board, answers="y\n").page.get()
    return board


def expected():
    """{name: content} of what is to be on the flash, but for settings and what the application stores."""
    return {**files.library((), True), "boot.py": b"import safestart\n", **files.application()}


def missing(board):
    """The names that are not on the flash; those that are there must be complete."""
    on_flash = contents(board.flash)
    for name, content in expected().items():
        assert name not in on_flash or on_flash[name][0] == content, name
    return expected().keys() - on_flash.keys()


def test_empty_board_becomes_a_running_page_linked_to_the_cloud(maker, board, cloud):
    result = maker.deploy(board, answers="y\n")
    assert set(expected()) < set(result.copied)
    assert not missing(board)
    assert not result.removed
    assert result.page.get("/api/status")["address"] == "127.0.0.1"
    result.page.wait_for_status("cloud", "connected")
    for page, other in ((cloud.page, result.page), (result.page, cloud.page)):
        on = not page.value("led")
        page.put("ledSwitch", on)
        other.wait_for("led", on)


def test_page_address_is_shown_as_qr_code(maker, board):
    result = maker.deploy(board, answers="y\n")
    picture = io.StringIO()
    segno.make(result.page.url + "/", micro=False).terminal(picture, compact=True)
    assert picture.getvalue() in result.output


def test_second_run_copies_nothing(maker, deployed, index):
    before = contents(deployed.flash)
    asked = len(index.requests)
    result = maker.deploy(deployed)
    assert "Nothing to copy" in result.output
    assert not result.copied and not result.removed
    assert contents(deployed.flash) == before
    assert len(index.requests) == asked
    assert result.page.value("led") is False


@pytest.mark.parametrize("part", (0.1, 0.35, 0.6, 0.8, 0.97))
def test_pulled_plug_is_repaired_by_the_next_run(maker, board, whole_run, part):
    board.pull_at = int(part * whole_run)
    pulled = maker.deploy(board, answers="y\n")
    assert pulled.code == 1
    assert "The board stopped answering: is its cable loose?" in pulled.output
    board.unplug()
    assert missing(board)
    there = set(contents(board.flash))
    board.pull_at = None
    board.plug_in()
    repaired = maker.deploy(board, answers="y\n")
    repaired.page.wait_for_status("cloud", "connected")
    assert not missing(board)
    assert not there & set(repaired.copied), "copied again"
    assert not [name for name in contents(board.flash) if name.endswith(".new")]


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory, index):
    """How many bytes a board gets in a deployment, but for the last ones, which restart it."""
    home = tmp_path_factory.mktemp("home")
    (home / "secrets.py").write_text("")
    with PluggedBoard(tmp_path_factory.mktemp("boards") / "board") as board:
        assert "/setup" in Maker(home, index).deploy(board, answers="y\n").output
        return board.taken - 20


def test_damaged_and_missing_files_are_repaired(maker, deployed):
    library = deployed.flash / "lib"
    half = library / "sideboard" / "dashboard.mpy"
    half.write_bytes(half.read_bytes()[:1000])
    other = library / "arduino_iot_cloud.mpy"
    other.write_bytes(other.read_bytes()[:-1] + b"?")
    (library / "sideboard" / "page.html.gz").unlink()
    (library / "sideboard" / "__init__.mpy.new").write_bytes(b"half")
    result = maker.deploy(deployed)
    assert sorted(result.copied) == [
        "lib/arduino_iot_cloud.mpy", "lib/sideboard/dashboard.mpy", "lib/sideboard/page.html.gz",
    ]  # fmt: skip
    assert result.removed == ["lib/sideboard/__init__.mpy.new"]
    result.page.get()
    assert not missing(deployed)


def test_only_what_changed_is_copied_to_a_running_board(maker, deployed, tmp_path):
    device, change = changed_project(tmp_path)
    for name in ("sideboard/color.py", "main.py"):
        with open(device / name, "a") as file:
            file.write("\nCHANGED = []\n")
    result = maker.deploy(deployed, change=change)
    assert result.copied == ["lib/sideboard/color.mpy", "deploy.json", "main.py"]
    assert (deployed.flash / "main.py").read_text().endswith("CHANGED = []\n")
    result.page.get()
    assert not maker.deploy(deployed, change=change).copied


def test_interrupted_update_is_not_taken_for_somebody_elses(maker, deployed, tmp_path):
    device, change = changed_project(tmp_path)
    with open(device / "main.py", "a") as file:
        file.write("\nCHANGED = 1\n")
    maker.interrupt(maker.start(deployed.port, change=change), "Copying main.py")
    with open(device / "main.py", "a") as file:
        file.write("\nCHANGED = 2\n")
    result = maker.deploy(deployed, change=change)
    assert "Overwrite" not in result.output
    assert result.copied[-1] == "main.py"
    result.page.get()


def changed_project(folder):
    """The device's folder of a copy of the project, and the change that takes files from there."""
    shutil.copytree(ROOT / "device", folder / "device")
    (folder / ".micropython").symlink_to(ROOT / ".micropython")
    (folder / "tools/board").mkdir(parents=True)
    (folder / joined.STAND_INS).symlink_to(ROOT / joined.STAND_INS)
    (folder / ".build").mkdir()
    (folder / ".build/freeze").symlink_to(ROOT / ".build/freeze")
    return folder / "device", f"import pathlib, tools; tools.ROOT = pathlib.Path({str(folder)!r})"


def test_board_that_opens_its_own_wifi(maker, tmp_path):
    device, change = changed_project(tmp_path)
    wifi = (device / "sideboard" / "wifi.py").read_text()
    assert "_ALONE_MS = 20000" in wifi
    (device / "sideboard" / "wifi.py").write_text(wifi.replace("_ALONE_MS = 20000", "_ALONE_MS = 500"))
    air = tmp_path / "air.json"
    air.write_text('{"up": false}')
    with PluggedBoard(tmp_path / "board", SIDEBOARD_WIFI_FILE=str(air)) as board:
        result = maker.deploy(board, change=change, answers="y\n")
        result.page.get()
    own = r"The board is not in your Wi-Fi but has opened its own, sideboard-[0-9a-f]{6}: join that first\."
    assert re.search(own, result.output)


def test_script_for_the_official_library_becomes_main(maker, deployed, tmp_path):
    script = tmp_path / "my_script.py"
    script.write_text(OFFICIAL)
    result = maker.deploy(deployed, "--script", script)
    assert result.copied == ["deploy.json", "main.py"]
    page = result.page
    page.put("sw1", True)
    page.wait_for("led", True)


SILENT = """
import logging

from sideboard import ArduinoCloudClient

logging.basicConfig(level=logging.CRITICAL)
print("It says something of its own.")
client = ArduinoCloudClient()
client.register("mine", value=5)
client.start()
"""


def write(maker, name, text):
    """A script in the maker's folder."""
    (maker.home / name).write_text(text)
    return name


def until_there(page):
    """The board, which starts again, serves its page."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return page.get()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_script_stays_main_when_none_is_named(maker, deployed):
    maker.deploy(deployed, "--script", write(maker, "my_script.py", OFFICIAL))
    again = maker.deploy(deployed)
    assert not again.copied
    assert "Its main.py is my_script.py, as last time." in again.output
    assert "sw1" in again.page.get()
    write(maker, "my_script.py", OFFICIAL.replace("sw1", "sw2"))
    changed = maker.deploy(deployed)
    assert changed.copied == ["deploy.json", "main.py"]
    assert "sw2" in changed.page.get()
    example = maker.deploy(deployed, "--script", files.SCRIPT)
    assert example.copied == ["deploy.json", "main.py"]
    assert "ledSwitch" in example.page.get()
    assert not maker.deploy(deployed).copied


def test_script_that_is_elsewhere_stays_main_as_it_is(maker, deployed):
    name = write(maker, "my_script.py", OFFICIAL)
    maker.deploy(deployed, "--script", name)
    (maker.home / name).unlink()
    result = maker.deploy(deployed)
    assert not result.copied
    assert "Its main.py stays as it is: my_script.py, which it was made of, is not here." in result.output
    assert "sw1" in result.page.get()


def test_page_of_a_script_that_logs_nothing_is_asked_for(maker, deployed):
    name = write(maker, "silent.py", SILENT)
    quick = "import tools.deploy.log; tools.deploy.log.SILENT = 2"
    result = maker.deploy(deployed, "--script", name, change=quick)
    assert "It does not say where its page is: asking the board, which starts again." in result.output
    page = result.page
    until_there(page)
    assert page.value("mine") == 5
    assert page.get("/api/status")["uptime"] < 20, "its program did not start again"


def test_readmes_first_script_is_deployed_as_it_stands(maker, deployed):
    (first,) = re.findall(r"^## Your own script\n\n```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    result = maker.deploy(deployed, "--script", write(maker, "first.py", first))
    page = result.page
    until_there(page)
    page.wait_for("temperature", 21.5)
    page.put("ledSwitch", True)
    page.wait_for("led", True)


def test_logging_comes_from_a_folder(maker, board, index, tmp_path):
    asked = len(index.requests)
    result = maker.deploy(board, "--index", index.folder, answers="y\n")
    assert "lib/logging.py" in result.copied and len(index.requests) == asked
    result.page.get()


def test_dry_run_changes_nothing_and_needs_the_board_only(maker, board, index):
    asked = len(index.requests)
    result = maker.deploy(board, "--dry-run", "--index", "http://127.0.0.1:9")
    assert result.code == 0
    assert len(index.requests) == asked
    assert "Would fetch logging from http://127.0.0.1:9, and copy it" in result.output
    assert set(expected()) | {"secrets.py", "ca.der"} < set(result.copied)
    assert "Would ask: Use the secrets.py of this folder?" in result.output
    assert contents(board.flash) == {}


def test_dry_run_on_a_running_board(maker, deployed):
    stale = deployed.flash / "lib" / "sideboard" / "gone.py"
    stale.write_text("")
    (deployed.flash / "boards.py").unlink()
    before = contents(deployed.flash)
    result = maker.deploy(deployed, "--dry-run")
    assert (result.copied, result.removed) == (["boards.py"], ["lib/sideboard/gone.py"])
    assert contents(deployed.flash) == before


def test_sources_where_bytecode_does_not_run_and_bytecode_in_their_place(maker, tmp_path):
    with PluggedBoard(tmp_path / "board", heap="1M") as board:
        result = maker.deploy(board, change=NO_MPY, answers="y\n")
        result.page.get()
        assert not list(board.flash.rglob("*.mpy"))
        result = maker.deploy(board)
        assert "lib/sideboard/color.py" in result.removed
        assert not list(board.flash.glob("lib/sideboard/*.py"))
        result.page.get()


def test_a_copy_at_the_root_would_hide_the_package(maker, deployed):
    hiding = deployed.flash / "sideboard" / "__init__.py"
    hiding.parent.mkdir()
    hiding.write_text("")
    result = maker.deploy(deployed)
    assert result.removed == ["sideboard/__init__.py"]
    assert not hiding.parent.exists()
    result.page.get()


def test_firmware_that_brings_sideboard_gets_the_application_only(maker, board):
    sources = {name: file for part in files.sources().values() for name, file in part.items()}
    compile_into(board.firmware, sources)
    for file in (ROOT / "device" / "sideboard").glob("*.gz"):
        shutil.copy(file, board.firmware / "sideboard")
    shutil.copy(STAND_IN, board.firmware)
    result = maker.deploy(board, answers="y\n")
    assert "Sideboard is in its firmware." in result.output
    assert result.copied == ["secrets.py", "ca.der", "deploy.json", "boards.py", "main.py"]
    result.page.get()


def test_firmware_with_the_application_gets_the_settings_only(maker, board):
    compile_into(board.firmware, frozen.modules(board.firmware.parent / "micropython", main=True))
    result = maker.deploy(board, answers="y\n")
    assert "Sideboard is in its firmware." in result.output
    assert "Its firmware brings a script. SCRIPT= puts another in its place." in result.output
    assert result.copied == ["secrets.py", "ca.der"]
    result.page.get()


def test_boot_with_comments_only_gets_the_line(maker, board):
    fresh = "# boot.py -- run on boot\r\nimport machine\r\n#pyb.main('main.py')\r\n"
    (board.flash / "boot.py").write_bytes(fresh.encode())
    result = maker.deploy(board, answers="y\n")
    result.page.get()
    assert (board.flash / "boot.py").read_bytes() == f"import safestart\n{fresh}".encode()
    assert maker.deploy(board).copied == []


def test_boot_of_somebodys_own_is_left_alone_and_the_line_told(maker, board):
    own = "import gc\ngc.threshold(20000)\n"
    (board.flash / "boot.py").write_text(own)
    result = maker.deploy(board, answers="y\n")
    assert (
        "Its boot.py stays as it is: import safestart as its first line makes starts safe." in result.output
    )
    assert (board.flash / "boot.py").read_text() == own
    (board.flash / "boot.py").write_text(f"import safestart\n{own}")
    assert "Its boot.py" not in maker.deploy(board).output


def test_failures_are_forgotten_by_a_deployment(maker, deployed):
    (deployed.flash / "start.note").write_text("3Traceback")
    result = maker.deploy(deployed)
    assert result.removed == ["start.note"]
    deployed.unplug()
    deployed.plug_in()
    wait_for_page(result.page)
    assert result.page.value("led") is False


def wait_for_page(page):
    end = time.monotonic() + 20
    while True:
        try:
            return page.get()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
