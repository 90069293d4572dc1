"""Builds the page's sources in `web/` into one small file for the board, always to the same bytes."""

import hashlib
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
PAGE = ROOT / "device" / "sideboard" / "page.html.gz"
BUILD = ROOT / ".build"
ESBUILD = BUILD / "node_modules" / ".bin" / "esbuild"
ESBUILD_VERSION = "0.28.2"

_STYLE = '<link rel="stylesheet" href="style.css">'
_SCRIPT = '<script type="module" src="main.js"></script>'
# gzip, deflate, no flags, no time, best compression, any system (RFC 1952)
_GZIP_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"


class BuildError(Exception):
    """The page cannot be built; the message says what to do."""


def digest():
    """Twelve hex digits that change with the sources; the built page ends with them: is it stale?"""
    sources = sorted(path for path in WEB.rglob("*") if path.suffix in (".html", ".css", ".js"))
    state = hashlib.sha256(ESBUILD_VERSION.encode())
    for path in sources:
        text = path.read_text(encoding="utf-8")
        state.update(f"\n{path.relative_to(WEB).as_posix()} {len(text)}\n{text}".encode())
    return state.hexdigest()[:12]


def install_esbuild():
    """Makes sure that esbuild is there in its pinned version, in the git-ignored `.build/`."""
    if ESBUILD.exists() and _run([ESBUILD, "--version"]).strip() == ESBUILD_VERSION:
        return
    npm = shutil.which("npm")
    if not npm:
        raise BuildError("building the page needs npm: install Node.js (Debian: apt-get install npm)")
    BUILD.mkdir(exist_ok=True)
    package = f"esbuild@{ESBUILD_VERSION}"
    _run([npm, "install", "--prefix", BUILD, "--no-save", "--no-audit", "--no-fund", package])


def _run(command):
    result = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8")
    if result.returncode:
        raise BuildError(f"{Path(command[0]).name} failed:\n{result.stderr}")
    return result.stdout


def _minified(name):
    options = ["--bundle", "--minify", "--charset=utf8", "--format=esm", "--target=es2021"]
    return _run([ESBUILD, WEB / name, *options]).strip()


def html():
    """The whole page as text: everything inlined, nothing loaded from elsewhere."""
    install_esbuild()
    page = (WEB / "index.html").read_text(encoding="utf-8")
    page = re.sub(r">\s+<", "><", page).strip()
    inlined = {
        _STYLE: f"<style>{_minified('style.css')}</style>",
        _SCRIPT: f'<script type="module">{_minified("main.js")}</script>',
    }
    for tag, content in inlined.items():
        if page.count(tag) != 1:
            raise BuildError(f"web/index.html must hold this line once: {tag}")
        page = page.replace(tag, content)
    return f"{page}<!--{digest()}-->"


def compress(text):
    """`text` as gzip without a time, a name or anything else that differs from build to build."""
    data = text.encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    return _GZIP_HEADER + body + struct.pack("<II", zlib.crc32(data), len(data))


def main():
    try:
        page = compress(html())
    except BuildError as error:
        raise SystemExit(f"make web: {error}") from None
    PAGE.write_bytes(page)
    print(f"{PAGE.relative_to(ROOT)}: {len(page)} bytes")


if __name__ == "__main__":
    main()
