"""Boards for tests: `tools.board` with a script, its secrets and a folder."""

import os
import subprocess
import sys
import textwrap
import threading

from tools import ROOT

PATIENCE = 20  # seconds; a board that is not done by then is ended, and its test fails


class Boards:
    """Starts boards in a folder, and ends those that still run."""

    def __init__(self, folder):
        self.folder = folder
        self._started = []

    def start(self, script, *options, secrets="", **environment):
        """Runs the text of a script; returns the process."""
        (self.folder / "main.py").write_text(textwrap.dedent(script))
        (self.folder / "secrets.py").write_text(secrets)
        command = [sys.executable, "-m", "tools.board", self.folder / "main.py"]
        process = subprocess.Popen(
            [*command, "--secrets", self.folder / "secrets.py", *options],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = threading.Timer(PATIENCE, process.kill)
        deadline.start()
        self._started.append((process, deadline))
        return process

    def run(self, script, *options, code=0, **more):
        """What the script prints on stdout and on stderr; it must end with that exit code."""
        process = self.start(script, *options, **more)
        output, errors = process.communicate()
        assert process.returncode == code, output + errors
        return output, errors

    def lines(self, script, *options, **more):
        """The lines that the script prints on stdout."""
        return self.run(script, *options, **more)[0].splitlines()

    def end(self):
        for process, deadline in self._started:
            deadline.cancel()
            with process:
                process.terminate()
