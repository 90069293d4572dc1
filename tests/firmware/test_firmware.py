"""`make firmware`, with a stand-in for MicroPython's tree, and what it says of wrong settings."""

import os
import re
import shutil
import subprocess

import pytest
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from micropython_tree import make_tree

from tools import ROOT, frozen
from tools.firmware import flashing, sizes


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    assert shutil.which("cc"), "These tests need a C compiler; on Debian: apt-get install gcc libc6-dev"
    tree = tmp_path_factory.mktemp("tree") / "micropython"
    make_tree(tree)
    compiler = tree / "bin/arm-none-eabi-gcc"
    compiler.parent.mkdir()
    compiler.symlink_to(shutil.which("cc"))  # the stand-in's ports are compiled for this computer
    return tree


def firmware(tree, **settings):
    """Runs the make command; returns (exit code, all that it prints)."""
    words = [f"{name}={value}" for name, value in {"MICROPYTHON": tree, **settings}.items()]
    command = ["make", "--no-print-directory", "-o", ".venv/ready", "firmware", *words]
    path = f"{tree / 'bin'}{os.pathsep}{os.environ['PATH']}"
    made = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return made.returncode, made.stdout


def sizes_told(output):
    """{name: bytes} of the table."""
    rows = re.findall(r"^ +([\d,]+)  (\S.*)$", output.partition("Bytes of flash")[2], re.M)
    return {name: int(size.replace(",", "")) for size, name in rows}


@pytest.fixture(scope="module")
def giga(tree):
    """The output of a build for an Arduino GIGA."""
    code, output = firmware(tree, PORT="stm32", BOARD="ARDUINO_GIGA")
    assert code == 0, output
    return output


def test_firmware_tells_every_module_and_its_size(giga, tree, tmp_path):
    told = sizes_told(giga)
    *modules, names, total = told
    assert set(modules) == set(frozen.modules(tmp_path))
    assert total.startswith("in all")
    assert told[total] == sum(told[name] for name in (*modules, names))
    assert "theirs.py" not in giga.partition("Bytes of flash")[2]
    # All but the tables of names that a firmware has anyway, and what its own module takes.
    build = tree / "ports/stm32/build-ARDUINO_GIGA-sideboard"
    with (build / "frozen_content.o").open("rb") as stream:
        sections = ELFFile(stream).iter_sections()
        allocated = sum(
            section["sh_size"] for section in sections if section["sh_flags"] & SH_FLAGS.SHF_ALLOC
        )
    assert 0.95 < told[total] / allocated < 1


def test_lwip_gets_room_for_pages(giga):
    for setting in "MEM_SIZE=16000", "MEMP_NUM_TCP_PCB=12", "MEMP_NUM_TCP_SEG=64", "TCP_SND_BUF=6400":
        assert f"-D{setting}" in giga.partition("compiled with ")[2].partition("\n")[0]
    assert "That takes 10,040 bytes of RAM" in giga


def test_computers_network_is_left_alone(tree):
    code, output = firmware(tree, PORT="unix")
    assert code == 0 and "compiled with \n" in output and "lwIP" not in output


def test_page_is_constant_data_in_the_firmware(giga, tree):
    with (tree / "ports/stm32/build-ARDUINO_GIGA-sideboard/firmware.dfu").open("rb") as stream:
        sections = list(ELFFile(stream).iter_sections())
        for file in "page.html.gz", "more.js.gz", "editor.js.gz":
            content = (ROOT / "device/sideboard" / file).read_bytes()
            holders = [section for section in sections if content in section.data()]
            assert [section["sh_flags"] for section in holders] == [SH_FLAGS.SHF_ALLOC]  # not to be written


def test_firmware_tells_how_to_flash(giga, tree):
    file = tree / "ports/stm32/build-ARDUINO_GIGA-sideboard/firmware.dfu"
    assert f"The firmware: {file}\n" in giga
    assert f"dfu-util -w -a 0 -d 2341:0366 -D {file}\n" in giga
    assert file.is_file()


def test_main_is_frozen_when_asked_for(giga, tree):
    code, output = firmware(tree, PORT="stm32", BOARD="ARDUINO_GIGA", MAIN=1)
    assert code == 0, output
    assert {"frozen_main.py", "boards.py"} < set(sizes_told(output))
    assert not {"frozen_main.py", "boards.py"} & set(sizes_told(giga))


def test_script_is_frozen_as_main(tree, tmp_path):
    script = tmp_path / "plant.py"
    script.write_text("WATER = 'a word of its own'\n")
    code, output = firmware(tree, PORT="unix", SCRIPT=script)
    assert code == 0, output
    assert {"frozen_main.py", "boards.py"} < set(sizes_told(output)) and "plant.py" not in sizes_told(output)
    content = (tree / "ports/unix/build-standard-sideboard-main/frozen_content.c").read_text()
    assert "a word of its own" in content


def test_unix_port_freezes_what_its_variant_says_now(tree):
    build = tree / "ports/unix/build-standard-sideboard"
    variant = tree / "ports/unix/variants/standard"
    for own in [["theirs.py"], []]:
        (variant / "manifest.py").write_text("".join(f"module({name!r})\n" for name in own))
        code, output = firmware(tree, PORT="unix")
        assert code == 0, output
        frozen_modules = sizes.MODULE.findall((build / "frozen_content.c").read_text())
        assert [name for name in frozen_modules if name == "theirs.py"] == own
        assert f"Run it: {build / 'micropython'} YOUR_SCRIPT.py" in output


def test_submodules_are_fetched_in_a_clone(tree):
    fetched = tree / "ports/stm32/submodules"
    assert not fetched.exists()
    (tree / ".git").mkdir()
    try:
        assert firmware(tree, PORT="stm32", BOARD="ARDUINO_GIGA")[0] == 0
    finally:
        (tree / ".git").rmdir()
    assert fetched.exists()


@pytest.fixture
def old_tree(tmp_path):
    (tmp_path / "py").mkdir()
    header = "#define MICROPY_VERSION_MAJOR 1\n#define MICROPY_VERSION_MINOR 21\n"
    (tmp_path / "py/mpconfig.h").write_text(header)
    return tmp_path


def last_sentence(output):
    """The sentence of the error, without make's own line after it."""
    return output.splitlines()[-2]


@pytest.mark.parametrize(
    "settings, sentence",
    [
        (
            {"MICROPYTHON": ""},
            "MICROPYTHON is missing: the folder of MicroPython's sources, as in make firmware",
        ),
        (
            {"MICROPYTHON": "/no"},
            "MICROPYTHON=/no is not MicroPython's source tree: /no/py/mpconfig.h is not there.",
        ),
        ({}, "PORT is missing; choose one of esp32, rp2, stm32, unix."),
        ({"PORT": "avr"}, "PORT=avr is none of them; choose one of esp32, rp2, stm32, unix."),
        ({"PORT": "stm32"}, "BOARD is missing; choose one of ARDUINO_GIGA."),
        ({"PORT": "stm32", "BOARD": "GIGA"}, "BOARD=GIGA is none of them; choose one of ARDUINO_GIGA."),
        ({"PORT": "unix", "BOARD": "GIGA"}, "PORT=unix has no boards: leave BOARD out."),
        ({"PORT": "unix", "SCRIPT": "no.py"}, "SCRIPT=no.py is not there."),
        ({"PORT": "unix", "VARIANT": "tiny"}, "VARIANT=tiny is none of them; choose one of standard."),
    ],
)
def test_wrong_setting_ends_with_a_sentence(tree, settings, sentence):
    code, output = firmware(tree, **settings)
    assert code != 0
    assert last_sentence(output).startswith(f"make firmware: {sentence}")
    assert "Traceback" not in output


def test_old_micropython_ends_with_a_sentence(old_tree):
    _, output = firmware(old_tree, PORT="unix")
    sentence = f"make firmware: {old_tree} is MicroPython 1.21; Sideboard needs 1.22 or newer."
    assert last_sentence(output) == sentence


def test_failed_build_ends_with_a_sentence(tree):
    source = tree / "ports/stm32/boards/ARDUINO_GIGA/theirs.py"
    text = source.read_text()
    source.write_text("value = (\n")
    try:
        code, output = firmware(tree, PORT="stm32", BOARD="ARDUINO_GIGA")
    finally:
        source.write_text(text)
    assert code != 0
    assert "SyntaxError" in output
    assert "MicroPython's build ended with an error, told above, at: make -C" in last_sentence(output)


@pytest.mark.parametrize(
    "name, board, said",
    [
        ("esp32", "ESP32_GENERIC", "esptool.py --baud 460800 write_flash 0x1000 {build}/firmware.bin"),
        ("esp32", "ARDUINO_NANO_ESP32", "dfu-util -d 0x2341:0x0070 -R -D {build}/micropython.bin"),
        ("rp2", "RPI_PICO_W", "Hold BOOTSEL down while you plug the board in: a drive appears."),
        ("rp2", "ARDUINO_NANO_RP2040_CONNECT", "Press the reset button twice quickly: a drive appears."),
        ("stm32", "NUCLEO_H743ZI", "dfu-util -w -a 0 -d 0483:df11 -D {build}/firmware.dfu"),
    ],
)
def test_every_family_is_flashed_its_own_way(tmp_path, name, board, said):
    (tmp_path / "flasher_args.json").write_text('{"bootloader": {"offset": "0x1000"}}')
    (tmp_path / "mpconfigboard.mk").write_text("MCU_SERIES = h7\n")
    steps = flashing.how_to(name, board, tmp_path, tmp_path)
    assert said.format(build=tmp_path) in steps


def test_bootloader_of_a_board_that_the_table_lacks_is_asked_of_micropython(tmp_path):
    ids = "BOOTLOADER_DFU_USB_VID = 0x2341\nBOOTLOADER_DFU_USB_PID = 0x035f\n"
    (tmp_path / "mpconfigboard.mk").write_text(ids)
    steps = flashing.how_to("stm32", "ARDUINO_NICLA_VISION", tmp_path, tmp_path)
    assert steps == [
        "Press the reset button twice quickly: the LED pulses.",
        f"dfu-util -w -a 0 -d 2341:035f -D {tmp_path / 'firmware.dfu'}",
    ]
