"""`make demo SCRIPT=plant.py`: a script of one's own on the simulated board, and a Thing of its variables."""

import json
import subprocess
import sys

import pytest

from tools import ROOT
from tools.page_client import Page
from tools.processes import Process, free_port

PLANT = """
from sideboard import ArduinoCloudClient, ColoredLight


def on_pump(client, value):
    client["running"] = value


client = ArduinoCloudClient()
client.register("pump", value=False, on_write=on_pump)
client.register("running", value=False)
client.register("target", value=40, on_write=lambda client, value: None, min=5, max=60)
client.register("moisture", type=float, on_read=lambda client: 21.5)
client.register(ColoredLight("light", swi=True, hue=1, sat=2, bri=3, on_write=lambda client, value: None))
client.register("later", on_write=lambda client, value: None)
client.start()
"""
PERMISSIONS = {"pump": True, "running": False, "target": True, "moisture": False, "light": True}
NO_JSON = "Makefile is no layout, it is not JSON: Expecting value: line 1 column 1 (char 0).\n"
FRESH_SCRIPT = "tools.demo: a first start is shown with the demo's own script.\n"
LAYOUT = {"widgets": [{"type": "Switch", "name": "Pump", "variables": [{"variable_id": "pump"}]}]}


class Demo(Process):
    """The demo with a script; `board` and `cloud` are its pages."""

    def __init__(self, script, *options):
        self.board, self.cloud = Page(free_port()), Page(free_port())
        ports = "--board-port", self.board.port, "--cloud-port", self.cloud.port
        super().__init__(sys.executable, "-m", "tools.demo", *ports, "--script", script, *options)


def permissions(page):
    return {name: it["writable"] for name, it in page.get().items()}


def test_script_runs_and_the_thing_has_just_its_variables(tmp_path):
    (tmp_path / "plant.py").write_text(PLANT)
    (tmp_path / "layout.json").write_text(json.dumps(LAYOUT))
    with Demo(tmp_path / "plant.py", "--dashboard", tmp_path / "layout.json") as demo:
        demo.wait_for("Ctrl-C ends both", 30)
        assert "later has no type: give it one by type= or value=." in demo.output
        assert demo.board.get("/api/dashboard") == LAYOUT
        demo.board.wait_for_status("cloud", "connected", 20)
        assert permissions(demo.cloud) == PERMISSIONS
        types = {name: it["type"] for name, it in demo.cloud.get().items()}
        assert types["moisture"] == "float" and types["light"] == "ColoredLight"
        demo.cloud.wait_for("target", 40)  # the board has told what it has
        demo.cloud.put("pump", True)
        demo.board.wait_for("running", True)
        assert demo.cloud.put("running", False)[0] == 403
        refused = "target takes 5 to 60, not 150"
        assert demo.board.put("target", 150) == (422, {"error": refused})
        with demo.board.follow() as page:
            page.wait_for("target", 40)
            answer = page.write("target", 150)
        assert answer["error"] == refused and answer["variables"][0]["value"] == 40
        demo.cloud.put("target", 150)  # the cloud knows no ranges
        demo.cloud.wait_for("target", 40)
        demo.wait_for("Cloud: dropped a value: target takes 5 to 60, not 150")
        assert "Traceback" not in demo.output


def test_script_that_is_saved_starts_again_and_so_does_one_that_failed(tmp_path):
    script = tmp_path / "plant.py"
    script.write_text("client = ArduinoCloudClient()\n")
    with Demo(script) as demo:
        demo.wait_for("plant.py ended without a page: mend it and save it, and it starts again.", 30)
        assert "NameError" in demo.output
        script.write_text(PLANT)
        demo.wait_for("plant.py was saved: the board starts again.")
        demo.wait_for("Ctrl-C ends both", 30)
        demo.board.wait_for_status("cloud", "connected", 20)
        demo.cloud.wait_for("target", 40)
        demo.cloud.put("target", 50)
        demo.board.wait_for("target", 50)
        script.write_text(PLANT.replace('"running"', '"works"'))
        demo.wait_for("Ctrl-C ends both", 30, count=2)
        demo.board.wait_for_status("cloud", "connected", 20)
        assert {*demo.cloud.get()} == {*PERMISSIONS, "works"} - {"running"}
        demo.cloud.wait_for("works", False)
        demo.cloud.put("pump", True)
        demo.board.wait_for("works", True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--script", "nowhere.py"], "There is no file nowhere.py.\n"),
        (["--dashboard", "nowhere.json"], "There is no file nowhere.json.\n"),
        (["--dashboard", "Makefile"], NO_JSON),
        (["--given", "SCIRPT"], "make demo knows no SCIRPT: SCRIPT?\n"),
        (["--fresh", "--script", "Makefile"], FRESH_SCRIPT),
        (["--colour", "red"], "tools.demo: unrecognized arguments: --colour red.\n"),
    ],
)  # fmt: skip
def test_wrong_option_or_file_is_one_sentence(options, sentence):
    demo = subprocess.run(
        [sys.executable, "-m", "tools.demo", *options], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert (demo.returncode, demo.stderr, demo.stdout) == (2, sentence, "")


def test_make_passes_on_what_it_was_given():
    given = "SCRIPT=my plant.py", "SCIRPT=x.py", "DASHBOARD=layout.json"
    command = ["make", "--no-print-directory", "-n", "demo", *given]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    assert '--script "my plant.py" --dashboard "layout.json"' in told
    assert {*told.split("--given")[1].split()} == {"SCRIPT", "SCIRPT", "DASHBOARD"}
