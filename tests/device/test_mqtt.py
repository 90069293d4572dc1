"""MQTT sessions: login, subscriptions and messages, as the broker sees them."""

import asyncio

from broker import CONNECT, PUBACK, PUBLISH, SUBSCRIBE, Broker, message
from loopback import HOST, soon
from observed import error_of_awaited
from sideboard import mqtt
from sideboard.mqtt import MQTTException, Session
from sideboard.tasks import first_of

silent = {CONNECT: lambda packet: b"", PUBLISH: lambda packet: b"", SUBSCRIBE: lambda packet: b""}


def session_with(broker, on_message=None, **options):
    return Session(b"board", HOST, broker.port, on_message=on_message or (lambda *message: None), **options)


async def opened(broker, on_message=None, **options):
    session = session_with(broker, on_message, **options)
    await soon(session.open())
    return session


async def during(session, *work):
    """Reads what comes until the first of the work is done."""
    await soon(first_of(session.read(), *work))


# Login


async def test_login_sends_client_id_user_password_and_keepalive():
    async with Broker() as broker:
        session = await opened(broker, user=b"name", password=b"key", keepalive=300)
        session.close()
    packet = b"\x10\x1c\0\4MQTT\x04\xc2\x01\x2c\0\5board\0\4name\0\3key"
    assert broker.packets == [packet]


async def test_login_without_user_sends_none():
    async with Broker() as broker:
        session = await opened(broker)
        session.close()
    assert broker.packets == [b"\x10\x11\0\4MQTT\x04\x02\0\0\0\5board"]


async def test_refused_login_raises_the_code():
    for code in range(1, 6):
        async with Broker({CONNECT: lambda packet, code=code: bytes((0x20, 2, 0, code))}) as broker:
            session = session_with(broker)
            error = await error_of_awaited(MQTTException, soon(session.open()))
            session.close()
        assert error.args == (code,)


async def test_answer_that_is_no_login_is_not_from_an_mqtt_server():
    for answer in (b"\xd0\0", b"\x20\0", b"\x20\x03\0\0\0"):
        async with Broker({CONNECT: lambda packet, answer=answer: answer}) as broker:
            session = session_with(broker)
            error = await error_of_awaited(OSError, soon(session.open()))
            session.close()
        assert str(error) == "not an MQTT server"


async def test_server_that_never_answers_the_login_times_out():
    mqtt._TIMEOUT, normal = 0.1, mqtt._TIMEOUT
    try:
        async with Broker(silent) as broker:
            session = session_with(broker)
            await error_of_awaited(asyncio.TimeoutError, session.open())
            session.close()
    finally:
        mqtt._TIMEOUT = normal


async def test_server_that_closes_at_the_login_ends_it():
    async with Broker(silent) as broker:
        session = session_with(broker)
        opening = asyncio.create_task(session.open())
        await broker.received(CONNECT)
        await broker.close()
        await error_of_awaited((OSError, EOFError), soon(opening))
        session.close()


async def test_session_that_never_opened_closes():
    async with Broker() as broker:
        session_with(broker).close()


# Publish and subscribe


async def test_publish_sends_qos_1_and_waits_for_the_acknowledgement():
    async with Broker(silent | {CONNECT: lambda packet: b"\x20\x02\0\0"}) as broker:
        session = await opened(broker)
        reading = asyncio.create_task(session.read())
        publishing = asyncio.create_task(session.publish(b"t", b"hello"))
        packets = await broker.received(PUBLISH)
        assert packets == [b"\x32\x0a\0\1t\0\1hello"]
        await broker.send(b"\x40\x02\0\x63")  # another packet's
        await broker.send(message(b"t", b"", qos=1))
        await broker.received(PUBACK)  # so it has read both
        assert not publishing.done()
        await broker.send(b"\x40\x02\0\1")
        await soon(publishing)
        reading.cancel()
        session.close()


async def test_message_without_acknowledgement_times_out():
    mqtt._TIMEOUT, normal = 0.1, mqtt._TIMEOUT
    try:
        async with Broker({PUBLISH: lambda packet: b""}) as broker:
            session = await opened(broker)
            await error_of_awaited(asyncio.TimeoutError, during(session, session.publish(b"t", b"")))
            session.close()
    finally:
        mqtt._TIMEOUT = normal


async def test_subscribe_asks_for_qos_1_and_waits_for_the_acknowledgement():
    async with Broker(silent | {CONNECT: lambda packet: b"\x20\x02\0\0"}) as broker:
        session = await opened(broker)
        reading = asyncio.create_task(session.read())
        subscribing = asyncio.create_task(session.subscribe(b"a/b"))
        packets = await broker.received(SUBSCRIBE)
        assert packets == [b"\x82\x08\0\1\0\3a/b\x01"]
        assert not subscribing.done()
        await broker.send(b"\x90\x03\0\1\x01")
        await soon(subscribing)
        reading.cancel()
        session.close()


async def test_refused_subscription_raises():
    async with Broker({SUBSCRIBE: lambda packet: b"\x90\x03\0\1\x80"}) as broker:
        session = await opened(broker)
        error = await error_of_awaited(OSError, during(session, session.subscribe(b"a/b")))
        assert "a/b" in str(error)
        session.close()


async def test_packet_ids_start_again_at_1():
    async with Broker() as broker:
        session = await opened(broker)
        session.pid = 65533
        for _ in range(4):
            await during(session, session.publish(b"t", b""))
        session.close()
    ids = [packet[-2] << 8 | packet[-1] for packet in await broker.received(PUBLISH)]
    assert ids == [65534, 65535, 1, 2]


async def test_long_messages_are_sent_whole():
    sizes = (122, 123, 16378, 16379, 40000)
    async with Broker() as broker:
        session = await opened(broker)
        for size in sizes:
            await during(session, session.publish(b"t", b"x" * size))
        session.close()
    packets = await broker.received(PUBLISH, len(sizes))
    assert [len(packet.split(b"\0\1t", 1)[1]) - 2 for packet in packets] == list(sizes)


# Messages that come


class Inbox:
    """Keeps the messages that come; `full` is set when there are so many."""

    def __init__(self, count=1):
        self.messages = []
        self.full = asyncio.Event()
        self._count = count

    def take(self, topic, payload):
        self.messages.append((bytes(topic), bytes(payload)))
        if len(self.messages) == self._count:
            self.full.set()


async def test_message_is_delivered():
    inbox = Inbox()
    async with Broker() as broker:
        session = await opened(broker, inbox.take)
        await broker.send(message(b"a/b", b"hello"))
        await during(session, inbox.full.wait())
        session.close()
    assert inbox.messages == [(b"a/b", b"hello")]
    assert len(broker.packets) == 1  # and QoS 0 not acknowledged


async def test_message_of_qos_1_is_acknowledged():
    inbox = Inbox()
    async with Broker() as broker:
        session = await opened(broker, inbox.take)
        await broker.send(message(b"a/b", b"hello", qos=1, number=77))
        await during(session, broker.received(PUBACK))
        session.close()
    assert inbox.messages == [(b"a/b", b"hello")]
    assert await broker.received(PUBACK) == [b"\x40\x02\0\x4d"]


async def test_message_that_is_sent_again_is_acknowledged_again_but_taken_once():
    inbox = Inbox()
    packet = bytearray(message(b"a/b", b"hello", qos=1, number=77))
    async with Broker() as broker:
        session = await opened(broker, inbox.take)
        await broker.send(bytes(packet))
        packet[0] |= 8  # "duplicate"
        await broker.send(bytes(packet))
        await during(session, broker.received(PUBACK, 2))
        session.close()
    assert inbox.messages == [(b"a/b", b"hello")]
    assert await broker.received(PUBACK) == [b"\x40\x02\0\x4d"] * 2


async def test_packets_that_come_byte_by_byte_are_put_together():
    inbox = Inbox()
    async with Broker({CONNECT: None}) as broker:
        session = session_with(broker, inbox.take)
        opening = asyncio.create_task(session.open())
        await broker.received(CONNECT)
        for byte in b"\x20\x02\0\0":
            await broker.send(bytes([byte]))
            await asyncio.sleep(0)
        await soon(opening)
        reading = asyncio.create_task(session.read())
        for byte in message(b"a/b", bytes(200), qos=1):
            await broker.send(bytes([byte]))
            await asyncio.sleep(0)
        await broker.received(PUBACK)
        reading.cancel()
        session.close()
    assert inbox.messages == [(b"a/b", bytes(200))]


async def test_messages_of_every_length_are_delivered():
    sizes = (0, 122, 123, 16378, 16379, 32700)
    inbox = Inbox(len(sizes))
    async with Broker() as broker:
        session = await opened(broker, inbox.take)
        reading = asyncio.create_task(session.read())
        for size in sizes:
            await broker.send(message(b"a/b", bytes(size)))
        await soon(inbox.full.wait())
        reading.cancel()
        session.close()
    assert inbox.messages == [(b"a/b", bytes(size)) for size in sizes]
