"""The demo on a board that has what a firmware freezes, compiled, and none of the sources."""

import gzip
import subprocess
import sys
import urllib.request

import pytest

from tools import ROOT, frozen, library
from tools.bench import sizes
from tools.local import Board, Cloud
from tools.page_client import Page
from tools.processes import Process, free_port

SOURCES = ("device", ".micropython")
PROBE = """
import sys
from sideboard import dashboard, rom
print("PATH", sys.path)
print("FILES", [sys.modules[name].__file__ for name in sys.modules if hasattr(sys.modules[name], "__file__")])
"""


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    """A folder of all modules that a firmware freezes."""
    folder = tmp_path_factory.mktemp("firmware")
    library.compile_into(folder / "modules", frozen.modules(folder / "micropython", main=True))
    return folder / "modules"


def test_demo_of_frozen_modules():
    board, cloud = free_port(), free_port()
    ports = "--board-port", board, "--cloud-port", cloud
    with Process(sys.executable, "-m", "tools.demo", "--frozen", *ports) as demo:
        demo.wait_for("Ctrl-C ends both", timeout=120)  # it compiles first
        demo.wait_for("Cloud: connected")
        pages = Page(board), Page(cloud)
        with pages[0].follow() as page:
            page.write("ledSwitch", False)
        for page in pages:
            page.wait_for("led", False)
        pages[1].put("ledSwitch", True)
        for page in pages:
            page.wait_for("led", True)
        assert "Traceback" not in demo.output


def test_page_and_editor_come_from_the_firmware(firmware, tmp_path):
    assert not list(firmware.rglob("*.gz"))
    with (
        Cloud(tmp_path, []) as cloud,
        Board(ROOT / "device/main.py", cloud.folder / "secrets.py", library=firmware) as board,
    ):
        board.wait_for("Dashboard:")
        for path, file in ("/", "page.html.gz"), ("/more.js", "more.js.gz"), ("/editor.js", "editor.js.gz"):
            content = (ROOT / "device/sideboard" / file).read_bytes()
            request = urllib.request.Request(board.page.url + path)
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
                tag = answer.headers["ETag"]
                assert answer.read() == content
            request.add_header("If-None-Match", tag)
            with pytest.raises(urllib.error.HTTPError, match="304"):
                urllib.request.urlopen(request, timeout=5)
        assert gzip.decompress(content)


def test_page_in_the_firmware_is_served_without_a_copy(tmp_path):
    for size, growth in sizes.served(tmp_path).values():
        assert growth < size


def test_no_source_of_ours_is_on_the_boards_path(firmware, tmp_path):
    (tmp_path / "probe.py").write_text(PROBE)
    (tmp_path / "secrets.py").write_text("")
    with Board(tmp_path / "probe.py", tmp_path / "secrets.py", library=firmware) as board:
        path = board.wait_for("PATH")
        files = board.wait_for("FILES")
    assert str(firmware) in path
    assert not any(str(ROOT / folder) in path + files for folder in SOURCES)
    assert "sideboard/dashboard.mpy" in files and "umqtt" not in files
    assert not list(firmware.rglob("*.py"))


def test_missing_folder_of_modules_ends_with_a_sentence(tmp_path):
    (tmp_path / "main.py").write_text("")
    command = [sys.executable, "-m", "tools.board", tmp_path / "main.py", "--secrets", tmp_path / "main.py"]
    ended = subprocess.run([*command, "--library", "/no"], cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "There is no folder /no.\n")
