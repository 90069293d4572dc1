"""manifest.py, read by MicroPython's own tools for every port and board family, and what it freezes."""

import shutil
import subprocess
import sys

import pytest

from tools import ROOT, frozen, library

PORTS = {  # stand-ins: what their manifests freeze, in the way that MicroPython's do
    "esp32/boards": 'freeze("$(PORT_DIR)/modules")\nrequire("umqtt.simple")',
    "esp32/boards/ARDUINO_NANO_ESP32": 'include("$(PORT_DIR)/boards/manifest.py")\nrequire("logging")',
    "rp2/boards": 'freeze("$(PORT_DIR)/modules")\ninclude("$(MPY_DIR)/extmod/asyncio")',
    "rp2/boards/RPI_PICO_W": 'include("$(PORT_DIR)/boards/manifest.py")',
    "rp2/boards/ARDUINO_NANO_RP2040_CONNECT": 'include("$(PORT_DIR)/boards/manifest.py")\nrequire("logging")',
    "stm32/boards": 'include("$(MPY_DIR)/extmod/asyncio")\nfreeze("$(PORT_DIR)/modules")',
    "stm32/boards/ARDUINO_GIGA": 'include("$(PORT_DIR)/boards/manifest.py")\nrequire("logging")',
    "stm32/boards/ARDUINO_PORTENTA_H7": 'include("$(PORT_DIR)/boards/manifest.py")\nrequire("logging")',
    "unix/variants": 'freeze("$(PORT_DIR)/modules")',
    "unix/variants/standard": 'include("$(PORT_DIR)/variants/manifest.py")',
}
WITHOUT_MANIFEST = "esp32/boards/ESP32_GENERIC", "rp2/boards/PIMORONI_PICO_PLUS", "stm32/boards/NUCLEO_H743ZI"
BOARDS = [place.split("/boards/") for place in (*PORTS, *WITHOUT_MANIFEST) if "/boards/" in place]
ARCHITECTURES = "xtensawin", "armv6m", "armv7emsp", "armv7emdp", "x64"
MICROPYTHONS = "1.22", "1.23"  # the last changes of the bytecode's version; the newest is the compiler's own
OURS = {*library.modules(), "logging.py", "main.py", "sideboard/rom.py"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A stand-in for MicroPython's tree; each manifest in it also freezes a module of its own."""
    tree = tmp_path_factory.mktemp("micropython")
    frozen.stand_in(tree)
    for place in (*PORTS, *WITHOUT_MANIFEST):
        folder = tree / "ports" / place
        folder.mkdir(parents=True, exist_ok=True)
        own = f"own_{place.replace('/', '_')}.py"
        if place in PORTS:
            (folder / own).write_text("")
            (folder / "manifest.py").write_text(f'{PORTS[place]}\nmodule("{own}")\n')
    for port in "esp32", "rp2", "stm32", "unix":
        (tree / "ports" / port / "modules").mkdir()
        (tree / "ports" / port / "modules/_boot.py").write_text("")
    return tree


def names(files):
    names = [name for name, _, _ in files]
    assert len(names) == len(set(names)), "frozen twice"
    return set(names)


@pytest.fixture
def project(tmp_path):
    """A copy of what manifest.py needs, to be changed."""
    shutil.copy(frozen.MANIFEST, tmp_path)
    shutil.copytree(library.DEVICE, tmp_path / "device", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".build/freeze", tmp_path / ".build/freeze")
    shutil.copytree(ROOT / "tools/joined", tmp_path / "tools/joined")
    return tmp_path


@pytest.mark.parametrize("version", frozen.SOURCES)
@pytest.mark.parametrize("port, board", BOARDS)
def test_boards_own_modules_and_ours_are_frozen(tree, port, board, version):
    own = {f"own_{port}_boards.py", "_boot.py"}
    if f"{port}/boards/{board}" in PORTS:
        own.add(f"own_{port}_boards_{board}.py")
    if port == "esp32":
        own.add("umqtt/simple.py")  # by the port's manifest; ours has its own part of it
    assert names(frozen.read(tree, port, board, version)) == OURS | own


@pytest.mark.parametrize("version", frozen.SOURCES)
def test_unix_variant(tree, version):
    own = {"own_unix_variants.py", "_boot.py"}
    assert names(frozen.read(tree, "unix", version=version)) == OURS | own
    variant = str(tree / "ports/unix/variants/standard")
    own.add("own_unix_variants_standard.py")
    assert names(frozen.read(tree, "unix", version=version, VARIANT_DIR=variant)) == OURS | own


def test_error_in_a_boards_manifest_is_told(tree, tmp_path):
    (tmp_path / "manifest.py").write_text('include("no/manifest.py")')
    with pytest.raises(frozen.reader("1.26").ManifestFileError, match="No such file.*no/manifest.py"):
        frozen.read(tree, "stm32", BOARD_DIR=str(tmp_path))


def test_main_is_frozen_when_asked_for_and_secrets_never(tmp_path):
    assert set(frozen.modules(tmp_path)) == OURS
    assert set(frozen.modules(tmp_path, main=True)) == OURS | {"frozen_main.py", "boards.py"}


@pytest.mark.parametrize(
    "text",
    [
        "# A comment.\nprint(1)\n",
        '"""A text\nof two lines."""\nprint(1)\n',
        "def f():\n    print(1)\n\n\nf()\n",
        "",
    ],
)
def test_frozen_script_believes_that_it_is_run(tmp_path, text):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/main.py").write_text(text)
    script = frozen.modules(tmp_path / "tree", main=str(tmp_path / "own"))["frozen_main.py"].read_text()
    namespace = {"__name__": "frozen_main"}
    exec(script, namespace)
    assert namespace["__name__"] == "__main__"
    lines = text.count("\n") + text.startswith("def")  # then it is one more
    assert script.count("\n") == lines


def test_our_modules_are_frozen_without_line_numbers(tree):
    required = "logging.py", "own_stm32_boards.py", "_boot.py"  # theirs to decide
    levels = {name: level for name, _, level in frozen.read(tree, "stm32") if name not in required}
    assert set(levels.values()) == {3}


def test_page_in_the_firmware_is_the_newest(tree, project):
    for content in b"first", b"then":
        (project / "device/sideboard/page.html.gz").write_bytes(content)
        files = frozen.read(tree, "rp2", manifest=project / "manifest.py")
        rom = {}
        exec({name: source for name, source, _ in files}["sideboard/rom.py"].read_text(), rom)
        assert rom["PAGE"] == content
        assert rom["MORE"] == (project / "device/sideboard/more.js.gz").read_bytes()
        assert rom["EDITOR"] == (project / "device/sideboard/editor.js.gz").read_bytes()


def test_unchanged_page_is_not_compiled_again(tree, project):
    times = set()
    for _ in range(2):
        frozen.read(tree, "rp2", manifest=project / "manifest.py")
        times.add((project / ".build/rom/sideboard/rom.py").stat().st_mtime_ns)
    assert len(times) == 1


@pytest.mark.parametrize("version", frozen.SOURCES)
def test_missing_setup_ends_with_a_sentence(tree, project, version):
    shutil.rmtree(project / ".build")
    tool = [sys.executable, frozen.SOURCES[version] / "tools/manifestfile.py", "--freeze"]
    place = ["--top", tree, "--lib", tree / "lib/micropython-lib", "--port", tree / "ports/rp2"]
    reading = subprocess.run([*tool, *place, project / "manifest.py"], capture_output=True, text=True)
    sentence = f"Sideboard: microdot or umqtt is missing; run this first: make -C {project.resolve()} setup\n"
    assert (reading.returncode, reading.stdout, reading.stderr) == (1, "", sentence)


@pytest.mark.parametrize(
    "option",
    [f"-march={architecture}" for architecture in ARCHITECTURES]
    + [f"-c={version}" for version in MICROPYTHONS],
)
def test_every_module_compiles(tmp_path, option):
    modules = frozen.modules(tmp_path, main=True)
    sizes = library.compile_into(tmp_path / "compiled", modules, option)
    assert len(sizes) == len(modules) and all(sizes.values())


@pytest.mark.parametrize("version", MICROPYTHONS)
def test_bytecode_of_older_versions_is_valid(tmp_path, micropython, version):
    folder = tmp_path / "compiled"
    modules = frozen.modules(tmp_path)
    library.compile_into(folder, modules, f"-c={version}")
    heads = {file.read_bytes()[:2] for file in folder.rglob("*.mpy")}
    assert heads == {b"M\x06"}
    imported = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in modules]
    imported.remove("main")  # which would start the board
    path = [".frozen", str(folder), str(ROOT / "tools/board/lib")]
    lines = ["import sys", f"sys.path[:] = {path}", *(f"import {name}" for name in imported), "print('all')"]
    script = tmp_path / "imports.py"
    script.write_text("\n".join(lines))
    assert micropython(script) == "all\n"
