# ruff: noqa: F821 - MicroPython's build runs this with include, package, require, … in place
"""What a firmware freezes: all that its board freezes by itself, and Sideboard with its page.

    make -C micropython/ports/stm32 BOARD=ARDUINO_GIGA FROZEN_MANIFEST=…/sideboard/manifest.py

or, in a manifest of your own, `include("…/sideboard/manifest.py", main=True)`, which freezes main.py, too, as
frozen_main: it runs unless a main.py lies on the flash. main="FOLDER" takes the main.py of another folder.
"""

import os
import sys
from pathlib import Path

options.defaults(main=False)

PLACES = "$(VARIANT_DIR)", "$(PORT_DIR)/variants", "$(BOARD_DIR)", "$(PORT_DIR)/boards"


def include_the_boards_own():
    """Its manifest, or else its port's: which of the places are known, and hold one, depends on the port."""
    for place in PLACES:
        path = place + "/manifest.py"
        try:
            return include(path)
        except Exception as error:
            missing = error.__context__  # FileNotFoundError: this manifest; deeper down it would be another's
            if not (isinstance(missing, FileNotFoundError) and missing.filename.endswith("manifest.py")):
                raise


def page():
    """The page as the text of a module of bytes, which stay in flash when they are frozen."""
    text = '"""Page, more, editor, login and setup, made by manifest.py."""\n'
    for file in sorted(Path("device/sideboard").glob("*.gz")):
        text += f"{file.name.partition('.')[0].upper()} = {file.read_bytes()!r}\n"
    return text


def frozen_main(folder):
    """The script of a folder, which believes that it is run, not imported."""
    text = (Path(folder) / "main.py").read_text()
    for name in '__name__ = "__main__"; ', '__name__ = "__main__"\n':  # in the first line, if that can be
        try:
            compile(name + text, "main.py", "exec")
            break
        except SyntaxError:
            pass
    return name + text


include_the_boards_own()
include("$(MPY_DIR)/extmod/asyncio")
require("logging")

sys.path.insert(0, os.path.abspath("tools"))
import joined  # noqa: E402 - from there

del sys.path[0]
try:
    modules = joined.modules(Path())
except FileNotFoundError:
    sentence = f"Sideboard: microdot or umqtt is missing; run this first: make -C {os.getcwd()} setup"
    raise SystemExit(sentence) from None
joined.write(Path(".build/rom/sideboard/rom.py"), page())
package("sideboard", [file.name for file in modules.values()], base_path=".build/joined", opt=3)
package("sideboard", ["rom.py"], base_path=".build/rom", opt=3)
module("arduino_iot_cloud.py", base_path="device", opt=3)
module("filejournal.py", base_path="device", opt=3)
package("safestart", ["__init__.py"], base_path="device", opt=3)
module("main.py", base_path="device/safestart", opt=3)
if options.main:
    script = frozen_main("device" if options.main is True else options.main)
    joined.write(Path(".build/rom/frozen_main.py"), script)
    module("frozen_main.py", base_path=".build/rom", opt=2)  # with its lines' numbers
    module("boards.py", base_path="device", opt=3)
