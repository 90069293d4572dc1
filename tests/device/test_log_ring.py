"""The log that pages and programs see: its last 2,048 bytes, in whole lines."""

import asyncio
import json
import logging

from sideboard.errors import log, log_raised
from sideboard.log import Log
from sideboard.variables import Variable
from visitor import Served

SIZE = 2048


class Logged(Served):
    """A dashboard that keeps what is logged while it is there."""

    async def __aenter__(self):
        root = logging.getLogger()
        if not root.handlers:
            logging.basicConfig()
        self._before = root.handlers, log.level
        log.setLevel(logging.INFO)
        root.handlers = [Log(self)]  # and none of pytest, which takes text only
        return await super().__aenter__()

    async def __aexit__(self, *error):
        logging.getLogger().handlers, level = self._before
        log.setLevel(level)
        await super().__aexit__(*error)

    async def text(self):
        status, headers, body = await self.request("GET", "/api/log")
        assert (status, headers["content-type"]) == (200, "text/plain; charset=UTF-8")
        assert len(body) <= SIZE
        return body.decode()


async def logged(page, enough):
    """The page's log, once it ends with this text."""
    text = ""
    while not text.endswith(enough):
        message = await page.message()
        assert list(message) == ["log"], message
        text += message["log"]
    return text


async def test_what_is_logged_is_there():
    async with Logged() as board:
        assert await board.text() == ""
        log.info("one %d", 1)
        log.debug("not wanted")
        logging.getLogger("mine").warning("grün")
        assert await board.text() == "INFO one 1\nWARNING grün\n"


async def test_exceptions_are_there_with_their_tracebacks():
    async with Logged() as board:
        try:
            {}["missing"]
        except KeyError as error:
            log_raised("on_switch", error)
        text = await board.text()
    assert text.startswith("ERROR on_switch raised\n"), text
    assert "Traceback " in text and "test_log_ring.py" in text and "KeyError: " in text, text


async def test_whatever_a_script_logs_is_there():
    async with Logged() as board:
        for thing in (5, None, (1, 2), {"a": 1}):
            log.info(thing)
        assert await board.text() == "INFO 5\nINFO None\nINFO (1, 2)\nINFO {'a': 1}\n"


async def test_oldest_lines_fall_out_whole():
    async with Logged() as board:
        for number in range(1000):
            log.info("line %d", number)
        lines = (await board.text()).split("\n")
    first = int(lines[0][len("INFO line ") :])
    assert lines == ["INFO line %d" % number for number in range(first, 1000)] + [""]
    assert len("\n".join(lines)) > SIZE - len("INFO line 999\n")


async def test_a_line_as_long_as_all_takes_the_place_of_all():
    for length in (SIZE - 7, SIZE - 6, SIZE - 5, 3 * SIZE):
        async with Logged() as board:
            log.info("before")
            log.info("x" * length)
            assert await board.text() == ("INFO " + "x" * length)[: SIZE - 1] + "\n"
            log.info("after")
            assert await board.text() == "INFO after\n"


async def test_a_cut_within_a_character_leaves_text():
    for length in range(SIZE - 10, SIZE + 2):
        async with Logged() as board:
            page = await board.page()
            await page.frame('{"log": true}')
            assert (await page.message()) == {"log": ""}
            log.info("%s", "x" * length + "€€€")
            text = await board.text()
            assert text and (await page.message())["log"] == text


async def test_what_is_no_text_becomes_some():
    broken = json.loads('"\\ud83d"')  # on MicroPython half a character in bytes
    async with Logged() as board:
        page = await board.page()
        try:
            log.info("a %s b", broken)
        except UnicodeError:
            return  # CPython's handlers end it before it comes here
        await page.frame('{"log": true}')
        assert (await page.message())["log"] == await board.text()


async def test_a_page_that_wants_it_gets_all_and_then_what_is_new():
    async with Logged([Variable("count", value=1)]) as board:
        page = await board.page()
        log.info("before")
        await page.frame('{"log": true}')
        assert await page.message() == {"log": "INFO before\n"}
        log.info("then")
        assert await page.message() == {"log": "INFO then\n"}
        board.registry.variables["count"].value = 2
        assert list(await page.message()) == ["variables"]


async def test_a_page_that_wants_no_more_gets_none():
    async with Logged([Variable("count", value=1)]) as board:
        page = await board.page()
        await page.frame('{"log": true}')
        assert await page.message() == {"log": ""}
        await page.frame('{"log": false}')
        await page.frame('{"id": 1}')
        assert await page.message() == {"id": 1}
        log.info("unheard")
        board.registry.variables["count"].value = 2
        assert list(await page.message()) == ["variables"]


async def test_a_page_that_was_slow_is_told_that_it_missed_some():
    async with Logged() as board:
        page = await board.page()
        await page.frame('{"log": true}')
        assert await page.message() == {"log": ""}
        for number in range(500):  # before the page is sent anything
            log.info("line %d", number)
        text = await logged(page, "INFO line 499\n")
        assert text == "…\n" + await board.text()
        log.info("more")
        assert await page.message() == {"log": "INFO more\n"}


async def test_pages_that_do_not_ask_hear_nothing_of_it():
    async with Logged() as board:
        page = await board.page()
        log.info("something")
        await page.frame('{"id": 1}')
        assert await page.message() == {"id": 1}


async def test_where_no_log_is_kept_there_is_none():
    async with Served() as board:
        assert (await board.request("GET", "/api/log"))[0] == 404
        page = await board.page()
        await page.frame('{"log": true}')
        assert "error" in await page.message()


async def test_with_a_password_it_is_for_who_has_it():
    async with Logged(password="secret", guest="guest") as board:
        log.info("private")
        status, _, body = await board.request("GET", "/api/log")
        assert status == 401 and b"private" not in body


async def test_it_grows_with_what_is_in_it_and_no_further():
    async with Logged() as board:
        assert len(board.registry.log.text) == 0
        for number in range(5000):
            log.info("x" * (number % 70))
            assert len(board.registry.log.text) <= SIZE
            if number % 100 == 0:
                await asyncio.sleep(0)
