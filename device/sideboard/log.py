"""The log: what was said last, kept for pages and programs."""

import logging

from .compat import MICROPYTHON, text_of

LOG = "log"  # what a peer notes

_SIZE = 2048  # bytes
_LINE = _SIZE - 1


class Log(logging.Handler):
    """The last lines of what is logged. Peers that read them are told. It logs nothing itself."""

    def __init__(self, dashboard):
        super().__init__()
        self._peers = dashboard.registry.peers
        self.text = bytearray()  # whole lines in UTF-8; it grows with them
        self.start = 0  # bytes that fell out
        dashboard.registry.log = self
        root = logging.getLogger()
        # One of an earlier run that was ended at a terminal is still there.
        root.handlers = [one for one in root.handlers if type(one) is not Log] + [self]
        dashboard.route("/api/log")(self.send)

    def emit(self, record):
        text = self.text
        try:
            if MICROPYTHON:
                message = record.message
            else:
                message = self.format(record)  # with the traceback, which MicroPython logs as a message
            line = ("%s %s" % (record.levelname, message)).encode()[:_LINE]
            try:
                text_of(line)
            except ValueError:  # a script may say what is no text, and a cut be within a character
                line = repr(line).encode()[:_LINE]
            line += b"\n"
            surplus = len(text) + len(line) - _SIZE
            if surplus > 0:
                cut = text.find(b"\n", surplus - 1) + 1
                text[:cut] = b""
                self.start += cut
            text.extend(line)
        except MemoryError:
            pass
        for peer in self._peers:
            if peer.read is not None:
                peer.note(LOG)

    async def send(self, request):
        return bytes(self.text)

    def unread(self, peer):
        """What a peer has not read yet, which it has then."""
        first = peer.read - self.start
        peer.read = self.start + len(self.text)
        return ("" if first >= 0 else "…\n") + str(self.text[max(first, 0) :], "utf-8")
