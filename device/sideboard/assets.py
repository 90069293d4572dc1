"""Files that are sent: the pages as they were built, gzip or modules of a firmware, and the user's."""

import io
import os

from .access import Refused
from .visitor import decoded

PAGE = "page.html.gz"
EDITOR = "editor.js.gz"
_TYPES = {  # of images and the like, by the ends of their names
    "css": "text/css",
    "gif": "image/gif",
    "html": "text/html",
    "jpg": "image/jpeg",
    "js": "application/javascript",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
# What every document is sent with: it is shown in no other's frame, and tells no other where it was.
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def send_asset(request, name, status=200):
    """The answer to a request for an asset; a browser that has it already is told so."""
    kind = "javascript" if name == EDITOR else "html"
    file = _open(name)
    file.seek(-8, 2)  # gzip ends with the checksum and the length of what it holds
    tag = '"%s"' % file.read(8).hex()
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Type": "text/%s; charset=UTF-8" % kind,
        "Content-Encoding": "gzip",
    }
    headers.update(_HEADERS)
    if status == 200 and request.headers.get("if-none-match") == tag:
        return file, 304, headers  # at its end: without a body
    file.seek(0)
    return file, status, headers


def _open(name):
    try:
        return open(__file__.rsplit("/", 1)[0] + "/" + name, "rb")
    except OSError:
        from . import rom

        return io.BytesIO(getattr(rom, name.split(".")[0].upper()))


def send_users_file(dashboard, name=None):
    """A file of the folder `files`, or the layout. Refused when there is none of the name."""
    try:
        if name is None:
            return send_file(dashboard.layout, "application/json")
        folder = dashboard.folder + "files"
        name = decoded(name)
        if name in os.listdir(folder):  # so it is no path
            return send_file(folder + "/" + name, _TYPES.get(name.split(".")[-1], "application/octet-stream"))
    except OSError:
        pass
    raise Refused(404, "Not found")


def send_file(path, kind):
    """A file of the user's, as safe as the page."""
    return open(path, "rb"), 200, dict(_HEADERS, **{"Content-Type": kind})
