"""A start that always works: a script that failed three times in a row is left out of the next start.

boot.py imports this. MicroPython then runs the main.py of the current folder: after a hard start that is the
one beside this file, which runs the script; after a soft reset the script itself, as whoever sits before the
board wants it. A firmware has the main.py beside this file frozen, which comes before any other. A script fails
by an exception that ends it, or by a reset within a minute; then its client says that it went well.
"""

import gc
import io
import os
import sys
import time

import machine

_HOME = os.getcwd().rstrip("/")
_NOTE = _HOME + "/start.note"  # how many starts failed, one digit, and the traceback of the last, if it has one
_MOST = 512  # characters of that
_TRIES = 3
_MINUTE = 60000  # ms
_PAUSE = 5  # s, for Ctrl-C

failed = ""  # the traceback that ended the last start
_began = time.ticks_ms()


def _is_hard(latest):
    """Whether this is no soft reset. Where the port does not tell it is none so early, in ms: on an RP2."""
    if hasattr(machine, "SOFT_RESET"):
        return machine.reset_cause() != machine.SOFT_RESET
    return _began < latest


def run(namespace):
    """Runs the script, or what stands in for it. Returns when that is over; Ctrl-C is raised."""
    os.chdir(_HOME or "/")
    try:
        _start(namespace)
    finally:
        settle()


def settle():
    """Forgets failures: the start went well, or somebody is there."""
    try:
        os.remove(_NOTE)
    except OSError:
        pass


def _start(namespace):
    global failed
    count = 0
    try:
        with open(_NOTE, "rb") as file:
            count = int(file.read(1))
            failed = str(file.read(), "utf-8")
    except (OSError, ValueError):
        pass
    try:
        if _hard and count >= _TRIES:
            count = _TRIES - 2  # after a restart it has one try
            _note(count + 1, failed)
            _rescue(failed)
        else:
            if _hard and _uses_client():
                _note(count + 1)
            _run_script(namespace)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        if not _hard:
            raise
        if time.ticks_diff(time.ticks_ms(), _began) > _MINUTE:
            count = 0
        _fail(error, count + 1)


def _run_script(namespace):
    if "main.py" in os.listdir():
        execfile("main.py", namespace)  # noqa: F821
    else:
        __import__("frozen_main")


def _uses_client():
    """Whether the script is one of ours, for which the client settles."""
    try:
        with open("main.py") as file:
            line = " "
            while line:
                line = file.readline(512)
                if "sideboard" in line or "arduino_iot_cloud" in line:
                    return True
        return False
    except OSError:
        return True  # a firmware's


def _note(count, text=""):
    with open(_NOTE + ".new", "w") as file:
        file.write(str(count) + text[-_MOST:])
    os.rename(_NOTE + ".new", _NOTE)


def _fail(error, count):
    """Says and notes why the script ended, and starts the board again."""
    gc.collect()
    text = io.StringIO()
    sys.print_exception(error, text)
    text = text.getvalue()
    print(text)
    name = text.split()[-1].strip("'")
    if isinstance(error, ImportError) and (name == "secrets" or name.isupper()):
        _rescue(None)
    try:
        _note(count, text)
    except OSError:  # the flash is full
        _rescue(text)
    print("main.py starts again in %d s, unless you press Ctrl-C" % _PAUSE)
    time.sleep(_PAUSE)
    machine.reset()


def _rescue(text):
    from sideboard.rescue import serve

    serve(text)


_folder = __file__.rsplit("/", 1)[0]
try:
    os.stat(_folder)
    _hard = _is_hard(1000)
    if _hard:
        os.chdir(_folder)
except OSError:  # frozen
    _hard = _is_hard(10000)
