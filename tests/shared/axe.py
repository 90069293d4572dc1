"""axe-core, which finds what shuts people out of a page."""

import json
import shutil
import subprocess

from tools import ROOT

VERSION = "4.14.1"
FOLDER = ROOT / ".build" / "axe"
PACKAGE = FOLDER / "node_modules" / "axe-core"
NPM = "axe-core needs npm, once: install Node.js (Debian: apt-get install npm)"


def text():
    """The text of axe-core, from the git-ignored `.build/`."""
    description = PACKAGE / "package.json"
    if not description.exists() or json.loads(description.read_text())["version"] != VERSION:
        npm = shutil.which("npm")
        assert npm, NPM
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", FOLDER, "--no-save", "--no-audit", "--no-fund"]
        subprocess.run([*command, f"axe-core@{VERSION}"], check=True, capture_output=True)
    return (PACKAGE / "axe.min.js").read_text()


def violations(page, axe):
    page.evaluate("document.getAnimations().forEach(it => it.finish())")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {node['failureSummary']} {node['html']}" for one in found for node in one["nodes"]]
