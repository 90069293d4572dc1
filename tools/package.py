"""Writes package.json, by which mip installs Sideboard on a board: modules, page, and what they need."""

import importlib.metadata
import json
import re

from . import ROOT, library

FILE = ROOT / "package.json"
PAGES = "page.html.gz", "more.js.gz", "editor.js.gz", "login.html.gz", "setup.html.gz"
MICRODOT = "https://raw.githubusercontent.com/miguelgrinberg/microdot/v{}/src/{}"
LOGGING = "0.6.2"  # of micropython-lib; for the simulated board there is a stand-in


def package():
    """What package.json has to hold. Places of our own files are relative to it: any clone serves them."""
    ours = library.DEVICE
    urls = {"boards.py": "device/boards.py"}
    for name, source in library.sources().items():
        if source.is_relative_to(ours):
            urls[name] = f"device/{source.relative_to(ours).as_posix()}"
        elif name.startswith("microdot/"):
            urls[name] = MICRODOT.format(importlib.metadata.version("microdot"), name)
        else:
            assert name == "umqtt/simple.py", f"Say here where mip gets {name} from."
    urls.update({f"sideboard/{name}": f"device/sideboard/{name}" for name in PAGES})
    urls[library.STARTER] = f"device/{library.STARTER}"
    return {
        "urls": sorted(urls.items()),
        "deps": [("umqtt.simple", umqtt_version()), ("logging", LOGGING)],
        "version": re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)[1],
    }


def umqtt_version():
    """That of the one installed here, for the simulated board."""
    (installed,) = library.INSTALLED.glob("micropython_umqtt_simple-*.dist-info")
    return installed.name.removesuffix(".dist-info").rpartition("-")[2]


def text():
    """package.json with a line for each file."""
    parts = package()
    lines = {key: ",\n".join(f"    {json.dumps(pair)}" for pair in parts[key]) for key in ("urls", "deps")}
    return '{{\n  "urls": [\n{urls}\n  ],\n  "deps": [\n{deps}\n  ],\n  "version": {version}\n}}\n'.format(
        **lines, version=json.dumps(parts["version"])
    )


if __name__ == "__main__":
    FILE.write_text(text())
