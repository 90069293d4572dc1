"""The page and its editor, as they were built: gzip files, or modules of a firmware, and their ETags."""

import io

PAGE = "page.html.gz"
EDITOR = "editor.js.gz"


def send_asset(request, name):
    """The answer to a request for an asset; a browser that has it already is told so."""
    kind = "html" if name == PAGE else "javascript"
    file = _open(name)
    file.seek(-8, 2)  # gzip ends with the checksum and the length of what it holds
    tag = '"%s"' % file.read(8).hex()
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Type": "text/%s; charset=UTF-8" % kind,
        "Content-Encoding": "gzip",
    }
    if request.headers.get("If-None-Match") == tag:
        return file, 304, headers  # at its end: without a body
    file.seek(0)
    return file, headers


def _open(name):
    try:
        return open(__file__.rsplit("/", 1)[0] + "/" + name, "rb")
    except OSError:
        from . import rom

        return io.BytesIO(rom.PAGE if name == PAGE else rom.EDITOR)
