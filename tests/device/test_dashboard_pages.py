"""The dashboard's WebSocket: what pages are told, and what they may say."""

import asyncio
import json

from sideboard.composites import ColoredLight
from sideboard.net import PIECE
from sideboard.variables import Variable
from visitor import BINARY, CLOSE, CONTINUED, PING, PONG, TEXT, WHOLE, Impatient, Served


def on_write(client, value):
    pass


def variables():
    return (
        Variable("switch", value=False, on_write=on_write),
        Variable("count", value=3),
        ColoredLight("light", swi=True, hue=120, sat=100, bri=50, on_write=on_write),
    )


def described(name, type_, value, writable=True):
    return {"name": name, "type": type_, "value": value, "writable": writable}


# What pages are told


async def test_first_message_holds_everything_in_order():
    async with Served(variables()) as board:
        page = await board.page()
    light = {"swi": True, "hue": 120.0, "sat": 100.0, "bri": 50.0}
    assert page.first["status"] == {
        "title": "Sideboard", "cloud": "offline", "error": None, "protocol": 2
    }  # fmt: skip
    assert page.first["variables"] == [
        described("switch", "bool", False),
        described("count", "int", 3, writable=False),
        described("light", "ColoredLight", light),
    ]


async def test_later_messages_hold_what_changed():
    async with Served(variables()) as board:
        page = await board.page()
        board.registry.variables["count"].value = 4
        assert await page.message() == {"variables": [described("count", "int", 4, writable=False)]}


async def test_change_of_the_status_is_told():
    async with Served(variables()) as board:
        page = await board.page()
        board.registry.set_status(cloud="connected")
        message = await page.message()
    assert message["status"]["cloud"] == "connected" and not message.get("variables")


async def test_variable_registered_later_is_told():
    async with Served(variables()) as board:
        page = await board.page()
        board.registry.add(Variable("late", value="a"))
        assert await page.message() == {"variables": [described("late", "string", "a", writable=False)]}


async def test_number_that_is_not_finite_is_null():
    async with Served((Variable("t", value=1.0),)) as board:
        page = await board.page()
        for value in (float("nan"), float("inf")):
            board.registry.variables["t"].value = value
            assert await page.message() == {"variables": [described("t", "float", None, writable=False)]}


async def test_long_messages_arrive_whole():
    async with Served([Variable("text", value="ä" * 40000)]) as board:
        page = await board.page()
    assert page.first["variables"][0]["value"] == "ä" * 40000


async def test_page_gets_the_next_piece_when_it_has_the_last():
    text = "x" * 2500
    async with Served([Variable("text", value=text)]) as board:
        page = await board.page(hello=False)
        pieces = []
        whole = 0
        while not whole:
            under_way, (kind, piece) = 0, await page.received()
            while kind != PING:
                assert kind & 15 == (CONTINUED if pieces else TEXT) and not whole
                whole = kind & WHOLE
                pieces.append(piece)
                under_way += len(piece)
                kind, piece = await page.received()
            assert 0 < under_way < PIECE and await page.hears_nothing()
            await page.frame(b"", PONG)
        assert json.loads(b"".join(pieces))["variables"][0]["value"] == text


async def test_page_that_does_not_answer_gets_only_the_newest_value():
    async with Served(variables()) as board:
        page = await board.page()
        for value in range(4, 1000):
            board.registry.variables["count"].value = value
            if value % 100 == 0:
                await asyncio.sleep(0.01)
        assert await page.received() == (PING, b"")  # of the first message
        assert await page.hears_nothing()
        await page.frame(b"", PONG)
        assert (await page.message())["variables"][0]["value"] == 999


async def test_only_the_newest_value_is_told():
    async with Served(variables()) as board:
        page = await board.page()
        for value in range(4, 1000):
            board.registry.variables["count"].value = value
        assert (await page.message())["variables"][0]["value"] == 999
        assert await page.ask(id=1) == {"id": 1}


# What pages write


async def test_write_is_answered_with_its_id_and_not_sent_back():
    async with Served(variables()) as board:
        page = await board.page()
        assert await page.ask(id=7, name="switch", value=True) == {"id": 7}
        assert board.registry.variables["switch"].value is True
        assert await page.ask(id=8) == {"id": 8}


async def test_two_pages_see_each_others_writes():
    async with Served(variables()) as board:
        one, other = await board.page(), await board.page()
        for value, writer, reader in ((True, one, other), (False, other, one)):
            assert await writer.ask(id=1, name="switch", value=value) == {"id": 1}
            assert await reader.message() == {"variables": [described("switch", "bool", value)]}


async def test_write_of_one_part_reaches_the_others_with_all_parts():
    async with Served(variables()) as board:
        one, other = await board.page(), await board.page()
        assert await one.ask(id=1, name="light", value={"hue": 7}) == {"id": 1}
        light = {"swi": True, "hue": 7.0, "sat": 100.0, "bri": 50.0}
        assert await other.message() == {"variables": [described("light", "ColoredLight", light)]}


async def test_what_the_callback_sets_comes_in_one_message():
    def copy(client, value):
        led.value = value
        both.value = not value

    led = Variable("led", value=False)
    both = Variable("both", value=False, on_write=copy)
    async with Served((led, both)) as board:
        page, other = await board.page(), await board.page()
        assert await page.ask(id=1, name="both", value=True) == {"id": 1}
        for visitor in (page, other):
            message = await visitor.message()
            assert {v["name"]: v["value"] for v in message["variables"]} == {"led": True, "both": False}


async def test_refused_write_is_answered_with_the_truth():
    async with Served(variables()) as board:
        page = await board.page()
        answer = await page.ask(id=1, name="switch", value=1)
        assert answer["id"] == 1 and "switch takes bool" in answer["error"]
        assert answer["variables"] == [described("switch", "bool", False)]
        answer = await page.ask(id=2, name="count", value=4)
        assert answer["error"] == "count is read-only" and answer["variables"][0]["value"] == 3
        answer = await page.ask(id=3, name="light", value={"hue": 361})
        assert "0 to 360" in answer["error"] and answer["variables"][0]["value"]["hue"] == 120
        assert "error" in await page.ask(id=4, name="switch")


async def test_write_to_an_unknown_variable_is_refused():
    async with Served(variables()) as board:
        page = await board.page()
        for name in ("nix", "", None, 1, [], {}, ["switch"]):
            answer = await page.ask(id=1, name=name, value=1)
            assert answer["id"] == 1 and answer["error"].startswith("there is no variable")


async def test_message_without_name_is_a_heartbeat():
    async with Served() as board:
        page = await board.page()
        assert await page.ask(id=8) == {"id": 8}


# Frames


async def test_ping_is_answered():
    async with Served() as board:
        page = await board.at_rest()
        await page.frame(b"are you there", PING)
        assert await page.received() == (PONG, b"are you there")


async def test_frame_that_comes_byte_by_byte_is_put_together():
    async with Served() as board:
        page = await board.page()
        text, mask = b'{"id": 5}', bytes(4)
        for byte in bytes([0x80 | TEXT, 0x80 | len(text)]) + mask + text:
            await page.send(bytes([byte]))
            for _ in range(5):
                await asyncio.sleep(0)
        assert await page.message() == {"id": 5}


async def closes_only(board, page):
    """The page is closed and forgotten; another one is served."""
    other = await board.page()
    assert await page.is_closed()
    assert await other.ask(id=1) == {"id": 1}
    other.close()
    await board.connections(0)
    assert board.registry.peers == []


EXPECTED = 'a message is like {"id": 1, "name": "led", "value": true}'


async def test_what_is_no_message_is_answered_with_what_is_expected_and_changes_nothing():
    no_objects = "hello", "[1]", "5", "null", '"id"', '["id"]', "{", "", "[" * 4000
    no_ids = '{"switch": true}', "{}", '{"name": "switch", "value": true}'
    # Some of these would make answers that are no JSON.
    ids = '"\\ud83d"', "1e999", "1.5", "[1]", "null", "true"
    wrong_ids = tuple('{"id": %s}' % one for one in ids)
    async with Served(variables()) as board:
        page = await board.page()
        for text in no_objects + no_ids + wrong_ids:
            await page.frame(text)
            assert await page.message() == {"id": None, "error": EXPECTED}, text
        for parts in ({"switch": True}, {"name": "switch"}, {"value": True}):
            assert await page.ask(id=7, **parts) == {"id": 7, "error": EXPECTED}, parts
        assert board.registry.variables["switch"].value is False
        assert await page.ask(id=8) == {"id": 8}


async def closes_with(code, board, page):
    """The page is closed by a frame with this code."""
    kind, data = await page.received()
    while kind != CLOSE:
        kind, data = await page.received()
    assert data == code.to_bytes(2, "big")
    await closes_only(board, page)


async def test_frame_that_cannot_be_text_closes_its_page_only_and_says_why():
    for code, frame in (
        (1007, b"\x81\x83\0\0\0\0\xff\xff\xff"),  # no UTF-8
        (1007, b"\x82\x81\0\0\0\0\xff"),  # binary
        (1002, b"\x01\x81\0\0\0\0{"),  # the first of several
        (1002, b"\x80\x81\0\0\0\0{"),  # a further one
        (1002, b"\x83\x81\0\0\0\0{"),  # of no known kind
        (1002, b"\x81\x02{}"),  # not masked
        (1002, b"\x89\xfe\0\x7e"),  # a ping of 126 bytes
        (1009, b"\x81\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0"),  # 4 GB
        (1009, b"\x81\xfe\x10\x01\0\0\0\0"),  # 4,097 bytes
    ):
        async with Served(variables()) as board:
            page = await board.page()
            await page.send(frame)
            await closes_with(code, board, page)


async def test_page_that_does_not_wait_for_answers_is_closed_and_told_so():
    async with Served(variables()) as board:
        page = await board.page(hello=False)  # it takes nothing, so no answer leaves
        for number in range(33):
            await page.frame('{"id": %d}' % number)
        await closes_with(1008, board, page)


async def test_page_that_leaves_amid_a_frame_is_forgotten():
    for start in (b"", b"\x81", b"\x81\x85\0\0", b"\x81\x85\0\0\0\0ab"):
        async with Served() as board:
            page = await board.page()
            await page.send(start)
            page.close()
            await board.connections(0)
            assert board.registry.peers == []


async def test_page_that_says_good_bye_is_closed():
    async with Served() as board:
        page = await board.page()
        await page.frame(b"\x03\xe8", CLOSE)
        assert await page.is_closed()
        await board.connections(0)


async def test_json_in_a_binary_frame_is_taken():
    async with Served() as board:
        page = await board.page()
        await page.frame(b'{"id": 3}', BINARY)
        assert await page.message() == {"id": 3}


# Who may open a page


async def test_page_from_elsewhere_is_refused():
    for origin in ("http://evil.example", "null", "http://board:81", "http://board.evil.example"):
        async with Served() as board:
            headers = "Origin: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a\r\n"
            status, _, body = await board.request("GET", "/ws", headers=headers % origin)
            assert status == 403 and body.startswith(b'{"error"')
            assert board.registry.peers == []


async def test_page_of_the_board_itself_is_served():
    async with Served() as board:
        page = await board.page("Origin: http://board\r\n")
        assert await page.ask(id=1) == {"id": 1}


async def test_request_that_is_no_websocket_is_refused_and_forgotten():
    async with Served() as board:
        assert await board.json("GET", "/ws") == (400, {"error": "this is a WebSocket"})
        assert board.registry.peers == []


# Silence


async def test_page_that_answers_pings_stays():
    with Impatient():
        async with Served() as board:
            page = await board.page()
            for _ in range(4):
                opcode, data = await page.received()
                assert opcode == PING
                await page.frame(data, PONG)


async def test_page_that_answers_no_ping_is_closed():
    with Impatient():
        async with Served() as board:
            page = await board.page()
            assert await page.is_closed()
            await board.connections(0)
            assert board.registry.peers == []


async def test_page_that_reads_nothing_is_closed():
    with Impatient():
        async with Served([Variable("text", value="x" * 200000)]) as board:
            await board.page(hello=False)
            await board.connections(0)
            assert board.registry.peers == []
