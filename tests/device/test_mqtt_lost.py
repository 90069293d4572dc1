"""MQTT sessions that go wrong: malformed packets, a lost connection, much at once."""

import asyncio

from broker import PINGREQ, PUBACK, PUBLISH, Broker, message
from loopback import soon
from observed import Log, error_of_awaited
from sideboard.compat import sleep_ms, ticks_diff, ticks_ms
from sideboard.tasks import first_of
from test_mqtt import during, opened

MALFORMED = (
    b"\x30\x80\x80\x80\x80\x01",  # a length of five bytes
    b"\x20\x81\x80\x04",  # a large packet that is no message
    b"\x30\0",  # a message without topic
    b"\x30\x01\0",
    b"\x30\x03\0\5a",  # whose topic is longer than itself
    b"\x32\x03\0\1a",  # or that lacks its id
    b"\x32\x04\0\1a\0",
    b"\x34\x05\0\1a\0\1",  # QoS 2, which we did not subscribe with
    b"\xd0\x01\0",  # a ping's answer with something in it
)


async def test_malformed_packets_end_the_session_with_oserror():
    for packet in MALFORMED:
        async with Broker() as broker:
            session = await opened(broker)
            await broker.send(packet)
            await error_of_awaited(OSError, soon(session.read()))
            session.close()


async def test_packets_we_have_no_use_for_are_skipped():
    inbox = []
    came = asyncio.Event()

    def take(topic, payload):
        inbox.append(bytes(payload))
        came.set()

    async with Broker() as broker:
        session = await opened(broker, take)
        await broker.send(b"\x40\0\x40\x01\0\x90\0\xb0\x02\0\1\x50\x02\0\1\xf0\0\x20\x02\0\0")
        await broker.send(message(b"t", b"after"))
        await during(session, came.wait())
        session.close()
    assert inbox == [b"after"]


async def test_message_without_room_is_acknowledged_and_left_out():
    inbox = []
    came = asyncio.Event()

    def take(topic, payload):
        inbox.append(bytes(payload))
        came.set()

    async with Broker() as broker:
        session = await opened(broker, take)
        for qos in (0, 1):
            came.clear()
            with Log() as log:
                await broker.send(message(b"t", bytes(70000), qos, number=7))
                await broker.send(message(b"t", b"after"))
                await during(session, came.wait())
            assert log.texts == ["Cloud: dropped a message: no room for %d bytes" % (70003 + 2 * qos)]
        session.close()
        acknowledged = await broker.received(PUBACK)
    assert inbox == [b"after", b"after"]
    assert acknowledged == [b"\x40\x02\0\7"]


async def test_server_that_closes_ends_the_session():
    async with Broker() as broker:
        session = await opened(broker)
        await broker.close()
        await error_of_awaited((EOFError, OSError), soon(session.read()))
        session.close()


async def test_server_that_closes_amid_a_packet_ends_the_session():
    async with Broker() as broker:
        session = await opened(broker)
        await broker.send(b"\x30\x20\0\1a")
        await broker.close()
        await error_of_awaited((EOFError, OSError), soon(session.read()))
        session.close()


async def test_missing_answer_to_a_ping_times_out_within_one_and_a_half_keepalive():
    async with Broker({PINGREQ: lambda packet: b""}) as broker:
        session = await opened(broker, keepalive=1)
        began = ticks_ms()
        await error_of_awaited(asyncio.TimeoutError, during(session, session.keep_alive()))
        took = ticks_diff(ticks_ms(), began)
        session.close()
    assert took <= 1500, took


async def test_pings_go_on_while_they_are_answered():
    async with Broker() as broker:
        session = await opened(broker)
        session.keepalive = 0.2
        await during(session, session.keep_alive(), broker.received(PINGREQ, 4))
        session.close()


async def test_other_packets_than_the_answer_show_that_the_server_lives():
    async with Broker({PINGREQ: lambda packet: message(b"t", b"")}) as broker:
        session = await opened(broker)
        session.keepalive = 0.2
        await during(session, session.keep_alive(), broker.received(PINGREQ, 4))
        session.close()


async def test_ping_may_take_along_without_end_what_others_send():
    """Where messages come as fast as they are acknowledged there is always something more to write."""
    async with Broker() as broker:
        session = await opened(broker, keepalive=1)
        write = session.write

        async def write_slowly(data):
            await sleep_ms(20)
            await write(data)

        async def flood():
            start = ticks_ms()
            while ticks_diff(ticks_ms(), start) < 1200:
                await broker.send(message(b"t", b"", qos=1))
                await sleep_ms(2)

        session.write = write_slowly
        await during(session, session.keep_alive(), flood())
        session.close()


async def test_without_keepalive_nothing_is_sent():
    async with Broker() as broker:
        session = await opened(broker)
        keeping = asyncio.create_task(session.keep_alive())
        await during(session, session.publish(b"t", b""))
        assert not keeping.done()
        keeping.cancel()
        session.close()
        assert await broker.received(PINGREQ, 0) == []


async def test_no_byte_is_lost_when_messages_pings_and_acknowledgements_go_out_at_once():
    count, payload = 40, bytes(range(256)) * 16
    async with Broker() as broker:
        session = await opened(broker)

        async def publish():
            for _ in range(count):
                await session.publish(b"out", payload)

        async def ping():
            for _ in range(count):
                await session._send(session.ping)

        async def deliver():
            for number in range(1, count + 1):
                await broker.send(message(b"in", payload, qos=1, number=number))

        async def all_received():
            for kind in (PUBLISH, PINGREQ, PUBACK):
                await broker.received(kind, count)

        tasks = [asyncio.create_task(work()) for work in (publish, ping, deliver)]
        await soon(first_of(session.read(), all_received()))
        for task in tasks:
            await soon(task)
        session.close()
    assert all(packet.endswith(payload) for packet in await broker.received(PUBLISH, count))
    assert {packet[3] for packet in await broker.received(PUBACK, count)} == set(range(1, count + 1))
    assert len(broker.packets) == 1 + 3 * count
