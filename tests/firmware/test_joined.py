"""What boards get of device/sideboard: the modules that are always loaded together, as one."""

import ast
import shutil
from collections import Counter

import pytest

from tools import ROOT, joined

MICRODOT, UMQTT = ".build/freeze/microdot/microdot.py", ".build/freeze/umqtt/simple.py"


@pytest.fixture
def project(tmp_path):
    """A copy of the sources, to be changed."""
    shutil.copytree(ROOT / "device", tmp_path / "device", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".build/freeze", tmp_path / ".build/freeze")
    return tmp_path


def sources(project):
    return project / "device" / "sideboard"


def definitions(text):
    kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    return [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def test_every_definition_is_there_once(project):
    made = {name: file.read_text() for name, file in joined.modules(project).items()}
    assert {f"sideboard/{module}.py" for module in joined.PARTS} < made.keys()
    libraries = Counter(
        name for file in (MICRODOT, UMQTT) for name in definitions((project / file).read_text())
    )
    for module, parts in joined.PARTS.items():
        ours = [part for part in parts if part not in joined.libraries.LIBRARIES]
        texts = [(sources(project) / f"{part}.py").read_text() for part in ours]
        wanted = Counter(name for text in texts for name in definitions(text))
        found = Counter(definitions(made[f"sideboard/{module}.py"]))
        assert wanted <= found
        assert found - wanted <= (libraries if ours != parts else Counter())


def test_what_only_computers_need_is_left_out(project):
    for name, file in joined.modules(project).items():
        nodes = list(ast.walk(ast.parse(file.read_text())))
        imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert "cpython" not in imported and "MICROPYTHON" not in used, name


def test_parts_are_imported_from_their_module(project):
    module = joined.modules(project)["sideboard/color.py"].read_text()
    assert "from . import log" in module and "compat" not in module


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


def test_microdot_is_slim(project):
    made = joined.modules(project)["sideboard/dashboard.py"].read_text()
    whole = (project / MICRODOT).read_text()
    assert "set_cookie" in definitions(whole) and "set_cookie" not in definitions(made)
    assert {"Request", "Response", "dispatch_request", "send_file"} <= set(definitions(made))


def test_umqtt_is_slim_and_its_module_has_names_here(project):
    made = joined.modules(project)["sideboard/__init__.py"].read_text()
    whole = (project / UMQTT).read_text()
    assert "check_msg" in definitions(whole) and "check_msg" not in definitions(made)
    assert "import usocket as simple_socket" in made and "simple_socket.getaddrinfo(self.server" in made
    assert "global simple_socket" in made and "import struct\n" in made
    assert "umqtt" not in made and "lw_topic" not in made and "hexlify" not in made


def test_data_of_libraries_have_short_names_where_nobody_else_has_these(project):
    module = joined.modules(project)["sideboard/dashboard.py"]
    names = dict(line.split() for line in (module.parent.parent / joined.NAMES).read_text().splitlines())
    made = module.read_text()
    assert "max_body_length" not in made and f"Request.{names['max_body_length']} = " in made
    assert not {"headers", "server", "path", "get", "dispatch_request"} & names.keys()


def test_only_what_changed_is_written(project):
    before = {name: file.stat().st_mtime_ns for name, file in joined.modules(project).items()}
    with open(sources(project) / "store.py", "a") as file:
        file.write("\nCHANGED = []\n")
    after = {name: file.stat().st_mtime_ns for name, file in joined.modules(project).items()}
    assert {name for name in after if after[name] != before[name]} == {"sideboard/__init__.py"}


def test_what_short_names_stand_for_is_told(project):
    module = joined.modules(project)["sideboard/__init__.py"]
    names = dict(line.split() for line in (module.parent.parent / joined.NAMES).read_text().splitlines())
    assert names["_registry"] in module.read_text() and "_registry" not in module.read_text()
    assert len(set(names.values())) == len(names)
