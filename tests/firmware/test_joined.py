"""What boards get of device/sideboard: the modules that are always loaded together, as one."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools import ROOT, joined
from tools.joined import told

MICRODOT, UMQTT = ".build/freeze/microdot/microdot.py", ".build/freeze/umqtt/simple.py"


def copied(folder):
    shutil.copytree(ROOT / "device", folder / "device", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".build/freeze", folder / ".build/freeze")
    shutil.copytree(ROOT / joined.STAND_INS, folder / joined.STAND_INS)
    return folder


@pytest.fixture
def project(tmp_path):
    """A copy of the sources, to be changed."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """A copy of the sources, with the modules that were made of them."""
    project = copied(tmp_path_factory.mktemp("unchanged"))
    joined.modules(ROOT)
    shutil.copytree(ROOT / ".build/joined", project / ".build/joined", dirs_exist_ok=True)
    shutil.copy(ROOT / told.NAMES, project / told.NAMES)
    return project


def sources(project):
    return project / "device" / "sideboard"


def definitions(text):
    kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    return [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def names_of(project):
    return told.read(project / told.NAMES)


def test_every_definition_is_there_once(unchanged):
    made = {name: file.read_text() for name, file in joined.modules(unchanged).items()}
    names = {short: name for (kind, short), name in names_of(unchanged).items() if kind == "function"}
    assert {f"sideboard/{module}.py" for module in joined.PARTS} < made.keys()
    libraries = Counter(
        name for file in (MICRODOT, UMQTT) for name in definitions((unchanged / file).read_text())
    )
    for module, parts in joined.PARTS.items():
        ours = [part for part in parts if part not in joined.libraries.LIBRARIES]
        texts = [(sources(unchanged) / f"{part}.py").read_text() for part in ours]
        wanted = Counter(name for text in texts for name in definitions(text))
        shorts = definitions(made[f"sideboard/{module}.py"])
        found = Counter(names.get(short, short) for short in shorts)
        found += Counter(name for name in wanted if ("moved", name) in names_of(unchanged))
        assert wanted <= found
        assert found - wanted <= (libraries if ours != parts else Counter())


def test_what_only_computers_need_is_left_out(unchanged):
    for name, file in joined.modules(unchanged).items():
        nodes = list(ast.walk(ast.parse(file.read_text())))
        imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert "cpython" not in imported and "MICROPYTHON" not in used, name


def test_parts_are_imported_from_their_module(unchanged):
    module = joined.modules(unchanged)["sideboard/color.py"].read_text()
    short = {name: short for (_, short), name in names_of(unchanged).items()}
    assert f"from . import {short.get('log', 'log')}" in module and "compat" not in module


def test_what_boards_import_of_their_own_module_is_there(project):
    with open(sources(project) / "store.py", "a") as file:
        file.write("""

def imported_here():
    try:
        from .failure import failure
    except MemoryError:
        return None
    return failure

def imported_there():
    try:
        from .clock import now
    except MemoryError:
        return None
    return now
""")
    tree = ast.parse(joined.modules(project)["sideboard/__init__.py"].read_text())
    short = {name: short for (_, short), name in names_of(project).items()}
    bodies = {
        node.name: [*map(ast.unparse, node.body)] for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    assert bodies[short["imported_there"]] == [f"return {short['now']}"]
    assert bodies[short["imported_here"]][0].startswith("try:\n    from .failure import ")


def test_boards_take_and_release_a_lock_by_hand(project):
    with open(sources(project) / "store.py", "a") as file:
        file.write("""

async def locked(lock):
    async with lock:
        await ValueError
""")
    made = joined.modules(project)["sideboard/__init__.py"].read_text()
    lines = (
        "    await b.acquire()",
        "    try:",
        "        await ValueError",
        "    finally:",
        "        b.release()",
    )
    assert "\n".join(lines) in made and "async with" not in made
    with open(sources(project) / "store.py", "a") as file:
        file.write("\n    async with lock as taken:\n        pass\n")
    with pytest.raises(joined.Clash, match="^Boards get `async with` for locks alone, not lock as taken"):
        joined.modules(project)


def test_a_name_for_two_things_is_told(project):
    for part in ("net", "senml"):
        with open(sources(project) / f"{part}.py", "a") as file:
            file.write("\n\ndef _twice():\n    pass\n")
    with pytest.raises(joined.Clash, match=r"^net\.py and senml\.py both have _twice: "):
        joined.modules(project)


LIBRARY = """
def used():
    return helper()

def helper():
    return Thing().run()

class Thing:
    def __init__(self):
        self.kept = None

    def run(self):
        pass

    def never(self):
        return unused()

def unused():
    pass
"""


def test_slim_library_has_what_can_be_called():
    slim = joined.slim(ast.parse(LIBRARY), [ast.parse("import library\nlibrary.used()")])
    assert definitions(ast.unparse(slim)) == ["used", "helper", "Thing", "__init__", "run"]


def test_what_a_text_names_stays():
    slim = joined.slim(ast.parse(LIBRARY), [ast.parse("getattr(library, 'unused')")])
    assert definitions(ast.unparse(slim)) == ["unused"]


def test_microdot_is_slim(unchanged):
    made = joined.modules(unchanged)["sideboard/dashboard.py"].read_text()
    names = names_of(unchanged)
    found = {names.get(("function", short), short) for short in definitions(made)}
    whole = (unchanged / MICRODOT).read_text()
    assert "set_cookie" in definitions(whole) and "set_cookie" not in found
    assert {"Request", "Response", "dispatch_request", "send_file"} <= found


def test_umqtt_is_slim_and_its_module_has_names_here(unchanged):
    made = joined.modules(unchanged)["sideboard/__init__.py"].read_text()
    names = names_of(unchanged)
    found = {names.get(("function", short), short) for short in definitions(made)}
    whole = (unchanged / UMQTT).read_text()
    assert "check_msg" in definitions(whole) and "check_msg" not in found
    assert "import usocket as simple_socket" in made and "simple_socket.getaddrinfo(self.server" in made
    assert "global simple_socket" in made and "import struct\n" in made
    assert "umqtt" not in made and "lw_topic" not in made and "hexlify" not in made


def test_only_what_changed_is_written(project):
    before = {name: file.stat().st_mtime_ns for name, file in joined.modules(project).items()}
    with open(sources(project) / "store.py", "a") as file:
        file.write("\nCHANGED = []\n")
    after = {name: file.stat().st_mtime_ns for name, file in joined.modules(project).items()}
    assert {name for name in after if after[name] != before[name]} == {"sideboard/__init__.py"}


def test_what_scripts_use_keeps_its_name(unchanged):
    made = {name: file.read_text() for name, file in joined.modules(unchanged).items()}
    texts = "\n".join(made.values())
    for line in (
        "ArduinoCloudObject = Task = Variable",
        "def register(self, aiotobj, coro=None, **kwargs):",
        "def hsb_to_rgb(hue, sat, bri):",
        "def show(self, red, green, blue):",
        "class SettingsError(ValueError):",
        "Television.PLAYBACK_NONE = ",
        "self.on_active = ",
        "self.interval = ",
    ):
        assert line in texts


def test_what_modules_beside_the_package_import_keeps_its_name(project):
    (project / "device/beside.py").write_text("def start():\n    from sideboard.dashboard import Visitor\n")
    made = joined.modules(project)
    assert "class Visitor:" in made["sideboard/dashboard.py"].read_text()
    assert "def rescue(" in made["sideboard/failure.py"].read_text()  # for safestart


def test_nothing_that_micropython_has_gets_another_name(unchanged):
    """All names that its unix port knows are texts in it."""
    joined.modules(unchanged)
    known = Path(importlib.util.find_spec("micropython_run").origin).read_bytes()
    renamed = {name for (kind, _), name in names_of(unchanged).items() if kind in ("attribute", "function")}
    found = {name for name in renamed if b"\0%s\0" % name.encode() in known}
    # Functions of ours, and attributes of what only we make: `stream.accept` and the like keep their names.
    ours = "accept age decode decoded digest encode keep_alive note open_connection restore send _key"
    assert found == {*ours.split(), "Response", "cb", "client_id", "sock", "status_code"}


def test_tracebacks_are_told_with_whole_names(unchanged, tmp_path):
    """A board's, by hand, as its own modules raise none."""
    joined.modules(unchanged)
    short = {name: short for (_, short), name in names_of(unchanged).items()}
    shown = (
        f'  File "sideboard/dashboard.py", line 1, in {short["open_port"]}\n'
        f'  File "dashboard", line 1, in {short["open_port"]}\n'
        '  File "main.py", line 3, in a\n'
        f"AttributeError: '{short['Visitor']}' object has no attribute '{short['visitors']}'\n"
    )
    command = [sys.executable, "-m", "tools.joined.told", unchanged / told.NAMES]
    told_by = subprocess.run(command, input=shown, capture_output=True, text=True, cwd=ROOT, check=True)
    assert told_by.stdout.splitlines() == [
        '  File "sideboard/dashboard.py", line 1, in open_port',
        '  File "dashboard", line 1, in open_port',
        '  File "main.py", line 3, in a',
        "AttributeError: 'Visitor' object has no attribute 'visitors'",
    ]
