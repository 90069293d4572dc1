"""What comes from a broker: its messages and no others, none of them too large."""

import asyncio

from sideboard.mqtt import MQTTException, Session
from wire import MICROPYTHON, connection

_LOGIN = b"\x20\x02\0\0"
SEEDS = (
    _LOGIN + b"\x90\x03\0\1\1\x30\x0a\0\5topichel",
    _LOGIN + b"\x32\x0c\0\5topic\0\1hel\x40\x02\0\1",
    _LOGIN + b"\xd0\0\x31\x05\0\1tab\x90\x03\0\1\x80",
    _LOGIN + b"\x30\xac\x02\0\1t" + bytes(297) + b"\x30\x03\0\1t",
    _LOGIN + b"\x30\x83\x80\x02\0\1t" + bytes(32768) + b"\x30\x03\0\1t",
    _LOGIN + b"\x34\x05\0\1t\0\1",
    b"\x20\x02\0\5",
)


def _messages(data):
    """(topic, payload) of those whose packets are whole and well, up to the first that is not."""
    at = 4
    while True:
        size = shift = 0
        for head in range(at + 1, at + 5):
            if head >= len(data):
                return
            size |= (data[head] & 127) << shift
            shift += 7
            if data[head] < 128:
                break
        else:
            return
        packet = data[head + 1 : head + 1 + size]
        kind, at = data[at], head + 1 + size
        if kind >> 4 == 3:
            topic = packet[2 : 2 + int.from_bytes(packet[:2], "big")]
            start = 2 + int.from_bytes(packet[:2], "big") + (kind & 2)
            if len(packet) < size or start > size or kind & 4:
                return
            if size <= 32768 and not kind & 8:  # not what is sent again
                yield topic, packet[start:]
        elif len(packet) < size or size > 512 or kind == 0xD0 and size:
            return


async def check(data):
    messages = []
    session = Session(b"board", "", 1, on_message=lambda *message: messages.append(message))

    async def connect(tls, host):
        if MICROPYTHON:
            session.plain, session.stream = connection(data)
        else:
            session._reader, session._writer = connection(data)

    session._connect = connect
    try:
        await session.open()
        await session.read()
    except (OSError, EOFError, MQTTException, asyncio.TimeoutError):
        pass
    if data[:4] == _LOGIN:
        assert [(bytes(topic), bytes(payload)) for topic, payload in messages] == list(_messages(data))
