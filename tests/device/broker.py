"""An MQTT broker for one connection, which answers as a test tells it to."""

import asyncio

from loopback import HOST, free_port, soon

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ = 0x10, 0x30, 0x40, 0x80, 0xC0


def packet_id(packet):
    """The id in a SUBSCRIBE or PUBACK of less than 128 bytes, or in a PUBLISH with QoS 1."""
    if packet[0] & 0xF0 != PUBLISH:
        return bytes(packet[2:4])
    at = 1
    while packet[at] & 0x80:
        at += 1
    at += 3 + (packet[at + 1] << 8 | packet[at + 2])
    return bytes(packet[at : at + 2])


def message(topic, payload, qos=0, number=1):
    """A PUBLISH packet."""
    body = bytes([0, len(topic)]) + topic + (bytes([0, number]) if qos else b"") + payload
    size, length = len(body), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return bytes([PUBLISH | qos << 1]) + length + bytes([size]) + body


class Broker:
    """`async with Broker() as broker:` listens on broker.port and keeps what comes in broker.packets.

    Broker({SUBSCRIBE: answer}) answers with answer(packet), bytes, in place of what a good broker says.
    """

    def __init__(self, answers=None):
        self.packets = []
        self.port = free_port()
        self._answers = {
            CONNECT: lambda packet: b"\x20\x02\0\0",
            PUBLISH: lambda packet: b"\x40\x02" + packet_id(packet),
            SUBSCRIBE: lambda packet: b"\x90\x03" + packet_id(packet) + b"\x01",
            PINGREQ: lambda packet: b"\xd0\0",
        }
        self._answers.update(answers or {})
        self._came = asyncio.Event()
        self._ended = asyncio.Event()
        self._writer = None

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, HOST, self.port)
        return self

    async def __aexit__(self, *error):
        self._server.close()
        if self._writer:
            await self.close()
            await soon(self._ended.wait())
        await asyncio.sleep(0)

    async def send(self, data):
        self._writer.write(data)
        await self._writer.drain()

    async def close(self):
        try:
            self._writer.close()
            await self._writer.wait_closed()
        except OSError:
            pass  # the client was quicker

    async def received(self, kind, count=1):
        """The packets of a kind, once there are so many."""
        while True:
            packets = [packet for packet in self.packets if packet[0] & 0xF0 == kind]
            if len(packets) >= count:
                return packets
            self._came.clear()
            await soon(self._came.wait())

    async def _serve(self, reader, writer):
        self._writer = writer
        try:
            while True:
                packet = await self._packet(reader)
                self.packets.append(packet)
                self._came.set()
                answer = self._answers.get(packet[0] & 0xF0)
                if answer:
                    await self.send(answer(packet))
        except (OSError, EOFError):
            await self.close()
        finally:
            self._ended.set()

    async def _packet(self, reader):
        packet = await reader.readexactly(2)
        size, shift = packet[-1] & 127, 0
        while packet[-1] & 128:
            packet += await reader.readexactly(1)
            shift += 7
            size |= (packet[-1] & 127) << shift
        return packet + (await reader.readexactly(size) if size else b"")
