"""Packages of npm that only tests need, in the git-ignored `.build/`."""

import shutil
import subprocess
import tempfile

from tools import ROOT

FOLDER = ROOT / ".build" / "npm"
NPM = "The tests need {}, which npm brings: install Node.js (Debian: apt-get install npm)"


def installed(package, version):
    """The folder of a package, which is fetched once; several may ask at a time."""
    target = FOLDER / f"{package.replace('/', '+')}-{version}"
    if not target.exists():
        npm = shutil.which("npm")
        assert npm, NPM.format(package)
        FOLDER.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(dir=FOLDER)
        command = [npm, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund"]
        subprocess.run([*command, f"{package}@{version}"], check=True, capture_output=True)
        try:
            FOLDER.joinpath(folder).rename(target)
        except OSError:  # somebody was faster
            shutil.rmtree(folder)
    return target / "node_modules" / package
