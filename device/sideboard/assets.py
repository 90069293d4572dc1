"""Files that are sent: the pages as they were built, gzip or modules of a firmware, and the user's."""

import io
import os

from microdot.microdot import Response

from .access import Refused
from .visitor import decoded

# What every document is sent with: it is shown in no other's frame, and tells no other where it was.
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def send_asset(request, name, status=200):
    """The answer to a request for an asset; a browser that has it already is told so."""
    kind = "javascript" if name.endswith("js.gz") else "html"
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
    if status == 200 and request.headers.get("If-None-Match") == tag:
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
            return Response.send_file(dashboard.layout)
        folder = dashboard.folder + "files"
        name = decoded(name)
        if name in os.listdir(folder):  # so it is no path
            return secured(Response.send_file(folder + "/" + name))
    except OSError:
        pass
    raise Refused(404, "Not found")


def secured(answer):
    """A file of the user's, as safe as the page."""
    answer.headers.update(_HEADERS)
    return answer
