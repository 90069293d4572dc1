"""What commands load: who only brings Sideboard onto a board needs nothing of the tests' packages."""

import subprocess
import sys

import pytest

from tools import ROOT


@pytest.mark.parametrize("command", ["deploy", "firmware"])
def test_no_websocket_library_is_loaded(command):
    run = [sys.executable, "-X", "importtime", "-m", f"tools.{command}", "--help"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "tools.library" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in ("websockets", "wsproto")}
