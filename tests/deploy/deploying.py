"""Deployments for tests: `tools.deploy` in a folder of its own, and an index of packages on this computer."""

import functools
import hashlib
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading

from tools import ROOT
from tools.package import LOGGING
from tools.page_client import Page

STAND_IN = ROOT / "tools" / "board" / "lib" / "logging.py"
START = "import runpy; {change}; runpy.run_module('tools.deploy', run_name='__main__', alter_sys=True)"


class Index:
    """Serves logging as micropython.org does; `requests` are the paths that were asked for."""

    def __init__(self, folder):
        self.folder = folder
        content = STAND_IN.read_bytes()
        start = hashlib.sha256(content).hexdigest()[:8]
        package = {"version": LOGGING, "hashes": [["logging.py", start]]}
        self.requests = requests = []
        for kind in ("6", "py"):
            (folder / "package" / kind / "logging").mkdir(parents=True)
            (folder / "package" / kind / "logging" / f"{LOGGING}.json").write_text(json.dumps(package))
        self.file = folder / "file" / start[:2] / start
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(content)

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                requests.append(self.path)

        handler = functools.partial(Handler, directory=folder)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()


class Result:
    """What a deployment printed and its exit code."""

    def __init__(self, process, output):
        self.code = process.returncode
        self.output = output
        self.copied = re.findall(r"^(?:Would copy|Copying) (\S+)", output, re.M)
        self.removed = re.findall(r"^(?:Would remove|Removing) (\S+)", output, re.M)
        assert not re.search("^Traceback", output, re.M), output  # the board's log is indented

    @property
    def page(self):
        """The page at the address that was printed."""
        address = re.search(r"^The board's page: http://127.0.[04].1:(\d+)/$", self.output, re.M)
        assert self.code == 0 and address, self.output
        return Page(int(address[1]))


class Maker:
    """Who deploys from a folder, `home`, to the board at a port."""

    where = "--port"
    environment = {}

    def __init__(self, home, index):
        self.home = home
        self._index = index.url

    def start(self, port, *options, change="pass", **more):
        """change: a statement that changes the tool before it starts."""
        command = [sys.executable, "-u", "-c", START.format(change=change)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        return subprocess.Popen(
            [*command, self.where, port, "--index", self._index, *options],
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **more},
            cwd=self.home,
            env=environment,
            text=True,
        )

    def deploy(self, board, *options, answers="", **more):
        process = self.start(board.port, *options, **more)
        try:
            output, _ = process.communicate(answers, timeout=60)
        except BaseException:
            process.kill()
            raise
        return Result(process, output)

    def interrupt(self, process, at):
        """Ctrl-C when it prints a line with `at`."""
        seen = ""
        try:
            while at not in seen:
                line = process.stdout.readline()
                assert line, seen
                seen += line
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=20)
        finally:
            process.kill()
        return Result(process, seen + rest)


def contents(folder):
    """{name: (content, when it was written)} of all files."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}
