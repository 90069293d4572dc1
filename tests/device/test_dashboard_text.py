"""What is not UTF-8 comes in by no door of the dashboard, and characters once seen take no memory."""

import asyncio
import gc
import json
import os

from flash import Flash
from sideboard.compat import MICROPYTHON
from sideboard.variables import DASHBOARD
from test_text import BAD, GOOD, HALF_AND_HALF, HALVES, name
from visitor import Served


async def test_value_that_is_no_text_is_refused_from_a_page():
    async with Served([name()]) as board:
        for bad in BAD:
            status, _, body = await board.request("PUT", "/api/variables/name", b'"%s"' % bad)
            assert status == 400 and json.loads(body.decode())["error"] == "the body is not JSON"
        for half in HALVES:
            status, _, body = await board.request("PUT", "/api/variables/name", half.encode())
            assert status == 422 and json.loads(body.decode())
        assert await board.json("PUT", "/api/variables/name", GOOD)
        assert (await board.json("GET", "/api/variables/name"))[1]["value"] == GOOD


async def test_message_that_is_no_text_closes_its_page_only():
    async with Served([name()]) as board:
        other = await board.at_rest()
        for bad in BAD:
            page = await board.page()
            await page.frame(b'{"id": 1, "name": "name", "value": "%s"}' % bad)
            assert await page.is_closed()
        assert (await other.ask(id=1, name="name", value=GOOD))["id"] == 1
        assert board.registry.variables["name"].value == GOOD


async def test_half_a_character_in_a_message_is_never_told_to_pages():
    async with Served([name()]) as board:
        for half in HALVES:
            page = await board.at_rest()
            await page.frame('{"id": 1, "name": "name", "value": %s}' % half)
            reply = await page.message()
            assert reply["id"] == 1 and reply["error"] and reply["variables"][0]["value"] == "as it was"
            await page.frame('{"id": 2, "name": %s, "value": 1}' % half)
            reply = await page.message()
            assert reply["id"] == 2 and reply["error"].startswith("a message is like ")


async def test_address_or_head_that_is_no_text_is_refused_in_text():
    async with Served([name()]) as board:
        for bad in BAD:
            encoded = "".join("%%%02x" % byte for byte in bad)
            status, _, body = await board.request("GET", "/api/variables/" + encoded)
            assert status == 404 and json.loads(body.decode())
            for head in b"GET /api/variables/%s HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n":
                visitor = await board.visit(head % bad)
                assert (await visitor.head())[0] == 400
        assert (await board.request("GET", "/api/variables/n%61me"))[0] == 200


async def test_layout_that_is_no_text_is_refused():
    with Flash():
        async with Served([name()]) as board:
            for bad in BAD:
                for at in 0, 505:  # the second lies across two pieces of the file
                    layout = b'{"name": "%s%s", "widgets": []}' % (b"a" * at, bad)
                    board.written = -10000  # no layout was saved just now
                    assert (await board.request("PUT", "/api/dashboard", layout))[0] == 400
            assert os.listdir() == []


async def test_layout_of_before_that_is_no_text_is_sent_to_no_page():
    with Flash():
        async with Served([name()]) as board:
            for bad in BAD:
                with open("dashboard.json", "wb") as file:
                    file.write(b'{"name": "%s", "widgets": []}' % bad)
                page = await board.page(hello=False)
                first = await page.text()
                assert first == "L" or bad == HALF_AND_HALF and "😀" in first and await page.text() == "L"
                assert "variables" in await page.message()
                page.close()
                await board.connections(0)
                board.written = -10000
                assert (await board.request("PUT", "/api/dashboard", b'{"widgets": []}'))[0] == 200


async def test_characters_take_no_memory_once_they_are_gone():
    if not MICROPYTHON:
        return  # CPython keeps none
    variable = name()
    async with Served([variable]) as board:
        page = await board.at_rest()

        async def send(first):
            for start in range(first, first + 2000, 100):
                text = str(b"".join(utf8(code) for code in range(start, start + 100)), "utf-8")
                await page.ask(id=1, name="name", value=text)
                await board.request("PUT", "/api/variables/name", b'"%s"' % text.encode())
                escaped = "".join(
                    "\\u%04x\\u%04x" % (0xD840, 0xDC00 + (start + i) % 1024) for i in range(100)
                )
                board.registry.write(variable, json.loads('"%s"' % escaped), DASHBOARD)
            board.registry.write(variable, "as it was")
            await asyncio.sleep(0)
            gc.collect()
            return gc.mem_alloc()

        before = await send(0x4E00)
        after = await send(0x6000)
        assert after - before < 10000, after - before
        page.close()


def utf8(code):
    """Not by chr(), which keeps the character."""
    return bytes((0xE0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63))
