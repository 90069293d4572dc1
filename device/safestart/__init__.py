"""A start that always works: a script that failed three times in a row is left out of the next start.

boot.py imports this, first of all. MicroPython then runs the main.py of the current folder: after a hard
start that is the one beside this file, which runs the script; after a soft reset the script itself, as who
sits before the board wants it. A firmware has the main.py beside this frozen, which comes before any other,
and perhaps a script as frozen_main. A script fails by an exception that ends it, or by a reset within a
minute: then its client says that it went well; and by its end, which leaves no page. Scripts without a client
fail by exceptions only.
"""

import gc
import io
import os
import sys
from time import sleep, ticks_diff, ticks_ms

import machine

failed = ""  # the traceback that ended the last start, or its end
_PAUSE = 5  # s, for Ctrl-C
_WELL = 60  # s; a start that lasts so long went well
_began = ticks_ms()
_home = os.getcwd()
_file = (_home + "/start.note").replace("//", "/")  # how many starts failed, one digit, and `failed`
# Only an RP2 does not tell; within a second of its hard start there is no soft one.
_hard = machine.reset_cause() != machine.SOFT_RESET if hasattr(machine, "SOFT_RESET") else _began < 1000


def watch(client, log):
    """Says what the last start ended with, and has a client tell when this one went well."""
    if failed:
        log.error("The last start failed: %s", failed)
    client.create_task("start", _settle, client)


async def _settle(client):
    from asyncio import sleep

    await sleep(_WELL)
    async with client.registry.flash:
        settle()


def settle():
    """Forgets failures: the start went well, or somebody is there."""
    try:
        os.remove(_file)
    except OSError:
        pass


def run(script):
    """Runs the script in this namespace, or what stands in for it; returns when that is over."""
    global failed
    count = 0
    os.chdir(_home)
    try:
        with open(_file, "rb") as file:
            count = int(file.read(1))
            failed = file.read(2048).decode()
    except (OSError, ValueError):
        pass
    slept = machine.reset_cause() == getattr(machine, "DEEPSLEEP_RESET", None)
    if slept:  # between short runs, which went well; noting each would wear the flash out
        count = 0
        settle()
    try:
        on_flash = "main.py" in os.listdir()
        has_client = _hard and not slept and (not on_flash or _has_client())
        if _hard and count > 2:
            count = 1  # after a restart it has one try
            _note(2, failed)
            return _rescue(failed)
        if has_client:
            _note(count + 1, "")
        if on_flash:
            execfile("main.py", script)  # noqa: F821
        else:
            import frozen_main  # noqa: F401
        if has_client:
            raise RuntimeError("it ended")
    except Exception as error:
        if not _hard:
            raise
        _fail(error, count + 1 if ticks_diff(ticks_ms(), _began) < _WELL * 1000 else 1)
    finally:
        settle()


def _has_client():
    """Whether the script is one with a client, or nobody's yet: empty."""
    with open("main.py", "rb") as file:
        for line in file:
            if b"sideboard" in line or b"arduino_iot_cloud" in line:
                return True
    return not os.stat("main.py")[6]


def _note(count, text):
    """Takes effect whole or not at all; returns whether the flash had room."""
    new = _file + ".new"
    try:
        with open(new, "w") as file:
            file.write(str(count) + text)
        os.rename(new, _file)
        return True
    except OSError:
        return False


def _fail(error, count):
    """Says and notes why the script ended, and starts the board again."""
    gc.collect()
    text = io.StringIO()
    sys.print_exception(error, text)
    text = text.getvalue()
    print(text)
    name = text.split()[-1].strip("'")
    try:
        if not _note(count, text[-512:]):
            _rescue(text)
        if isinstance(error, ImportError) and name in ("secrets", name.upper()):
            from sideboard.setup import start

            settle()
            start()
    except Exception as error:
        sys.print_exception(error)  # it may have no Wi-Fi
    print("Restart in %d s" % _PAUSE)
    sleep(_PAUSE)
    machine.reset()


def _rescue(text):
    from sideboard.failure import rescue

    rescue(text)


if "journal.txt" in os.listdir():  # the plug was pulled as new files got their names
    try:
        from filejournal import finish

        finish()
    except Exception as error:  # it may be none
        sys.print_exception(error)
if _hard:
    try:
        os.chdir(__file__.rsplit("/", 1)[0])
    except OSError:
        pass  # frozen
