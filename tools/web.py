"""Builds `web/` (page, more, editor, login, setup) into small files, always to the same bytes."""

import hashlib
import json
import re
import shutil
import struct
import subprocess
import zlib
from base64 import b64encode
from pathlib import Path

import zopfli.zlib

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
PAGE = ROOT / "device" / "sideboard" / "page.html.gz"
MORE = PAGE.with_name("more.js.gz")
EDITOR = PAGE.with_name("editor.js.gz")
LOGIN = PAGE.with_name("login.html.gz")
SETUP = PAGE.with_name("setup.html.gz")
BUILD = ROOT / ".build"
PROGRAMS = BUILD / "node_modules" / ".bin"
VERSIONS = {"esbuild": "0.28.2", "terser": "5.51.2"}
TERSER = "passes=3,hoist_funs,unsafe_arrows,unsafe_methods"
# Properties of the page's own, unknown to the browser and to the board: they are shortened.
OWN_PROPERTIES = "_$"

_CHARSET = '<meta charset="utf-8">'
_STYLE = '<link rel="stylesheet" href="(.+?)">'
_SCRIPT = '<script type="module" src="(.+?)"></script>'
# What a built page may run and load: what is in it, and what the board has. Its frames a header decides. A
# layout's images may be from elsewhere: web/policy.js narrows that to where they are from.
_POLICY = (
    "default-src 'none'; script-src {script} 'self'; style-src {style}; connect-src 'self'; "
    "img-src {images}; manifest-src data:; base-uri 'none'; form-action 'none'"
)
_IMAGES = "'self' data:"
# gzip, deflate, no flags, no time, best compression, any system (RFC 1952)
_GZIP_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"


class BuildError(Exception):
    """The page cannot be built; the message says what to do."""


def _sources(*patterns):
    files = (path for pattern in patterns for path in WEB.glob(pattern))
    return {path for path in files if path.suffix in (".html", ".css", ".js")}


def page_sources():
    return _sources("**/*") - _sources("more/*", "editor/*", "login/*", "setup/*")


def more_sources():
    return _sources("more/*")


def editor_sources():
    return _sources("editor/*", "element.js", "outside.js", "values.js")


def login_sources():
    return _sources("login/*")


def setup_sources():
    return _sources("setup/*")


def digest(sources):
    """Twelve hex digits that change with the sources; the built file ends with them: is it stale?"""
    state = hashlib.sha256(repr((VERSIONS, TERSER, OWN_PROPERTIES)).encode())
    for path in sorted(sources):
        text = path.read_text(encoding="utf-8")
        state.update(f"\n{path.relative_to(WEB).as_posix()} {len(text)}\n{text}".encode())
    return state.hexdigest()[:12]


def install_programs():
    """Makes sure that esbuild and terser are there in their pinned versions, in the git-ignored `.build/`."""
    if all(_version(name) == version for name, version in VERSIONS.items()):
        return
    npm = shutil.which("npm")
    if not npm:
        raise BuildError("building the page needs npm: install Node.js (Debian: apt-get install npm)")
    BUILD.mkdir(exist_ok=True)
    packages = [f"{name}@{version}" for name, version in VERSIONS.items()]
    _run([npm, "install", "--prefix", BUILD, "--no-save", "--no-audit", "--no-fund", *packages])


def _version(name):
    package = BUILD / "node_modules" / name / "package.json"
    return package.exists() and json.loads(package.read_text(encoding="utf-8"))["version"]


def _run(command, text=None):
    result = subprocess.run(list(map(str, command)), input=text, capture_output=True, encoding="utf-8")
    if result.returncode:
        raise BuildError(f"{Path(command[0]).name} failed:\n{result.stderr}")
    return result.stdout


def _style(file):
    return _run([PROGRAMS / "esbuild", file, "--minify", "--charset=utf8"]).strip()


def _script(file, *options):
    """esbuild makes one file of the modules, terser makes it small: it is the better of the two at that."""
    bundle = [PROGRAMS / "esbuild", file, "--bundle", "--format=esm", "--charset=utf8", "--minify-syntax"]
    minify = [PROGRAMS / "terser", "--module", "--ecma", "2022", "--mangle", "--compress", TERSER]
    return _run(minify, _run([*bundle, *options])).strip()


def _hash(text):
    """By which a policy knows a style or a script."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def html():
    """The whole page as text."""
    options = "--external:/editor.js", f"--mangle-props={OWN_PROPERTIES}"
    return _document(WEB, page_sources(), *options, images=f"{_IMAGES} http: https:")


def login():
    """The whole login page as text."""
    return _document(WEB / "login", login_sources())


def setup():
    """The whole setup page as text."""
    return _document(WEB / "setup", setup_sources())


def _document(folder, sources, *options, images=_IMAGES):
    """A folder's index.html with its style and script, and a policy by which nothing else runs or loads."""
    install_programs()
    page = re.sub(r">\s+<", "><", (folder / "index.html").read_text(encoding="utf-8")).strip()
    for line in _CHARSET, _STYLE, _SCRIPT:
        if len(re.findall(line, page)) != 1:
            raise BuildError(f"{folder.name}/index.html must hold this line once: {line}")
    style = _style(folder / re.search(_STYLE, page)[1])
    script = _script(folder / re.search(_SCRIPT, page)[1], *options)
    policy = _POLICY.format(style=_hash(style), script=_hash(script), images=images)
    inlined = {
        _CHARSET: f'{_CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy}">',
        _STYLE: f"<style>{style}</style>",
        _SCRIPT: f'<script type="module">{script}</script>',
    }
    for line, content in inlined.items():
        page = re.sub(line, lambda _, content=content: content, page)
    return f"{page}<!--{digest(sources)}-->"


def more():
    """What the page loads for some widgets, as text: one module, its style within."""
    return _module(WEB / "more" / "index.js", WEB / "more" / "style.css", more_sources())


def editor():
    """The editor as text: one module, its style within."""
    return _module(WEB / "editor" / "main.js", WEB / "editor" / "editor.css", editor_sources())


def _module(script, style, sources):
    install_programs()
    style = json.dumps(_style(style), ensure_ascii=False)
    return f"{_script(script, f'--define:STYLE={style}')}//{digest(sources)}"


def compress(text):
    """`text` as gzip without a time, a name or anything else that differs from build to build."""
    data = text.encode()
    body = zopfli.zlib.compress(data, numiterations=50)[2:-4]  # without zlib's own head and checksum
    return _GZIP_HEADER + body + struct.pack("<II", zlib.crc32(data), len(data))


def main():
    try:
        texts = {PAGE: html(), MORE: more(), EDITOR: editor(), LOGIN: login(), SETUP: setup()}
    except BuildError as error:
        raise SystemExit(f"make web: {error}") from None
    for file, text in texts.items():
        content = compress(text)
        file.write_bytes(content)
        print(f"{file.relative_to(ROOT)}: {len(content)} bytes")


if __name__ == "__main__":
    main()
