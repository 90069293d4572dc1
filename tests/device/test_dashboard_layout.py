"""Layout, options, histories and images, as a page gets them."""

import asyncio
import json
import os

from flash import Flash, until
from microdot import Request
from sideboard import layout as layouts
from sideboard.compat import ticks_diff, ticks_ms
from sideboard.variables import Variable
from visitor import Served

LAYOUT = json.dumps({"widgets": [{"type": "Chart", "variables": [{"variable_id": "t"}]}]})


def variables():
    return Variable("t", value=20.5, unit="°C"), Variable("level", value=3, widget="Slider", min=0, max=10)


async def layout(page):
    pieces = [await page.text()]
    while pieces[-1] != "L":
        pieces.append(await page.text())
    assert all(piece[0] == "L" and len(piece) <= 513 for piece in pieces)
    return "".join(piece[1:] for piece in pieces)


async def send(board, method, body=b""):
    """(status, JSON) of a request about the layout, long after the last one."""
    board.written -= 2000
    status, _, answer = await board.request(method, "/api/dashboard", body.encode() if body else b"")
    return status, json.loads(answer)


async def test_options_of_registration_are_told():
    async with Served(variables()) as board:
        page = await board.page(hello=False)
        first = json.loads(await page.text())
        assert [v["options"] for v in first["variables"]] == [
            {"unit": "°C"},
            {"widget": "Slider", "min": 0, "max": 10},
        ]


async def test_saved_layout_comes_to_open_pages_and_first_to_new_ones():
    with Flash():
        async with Served(variables()) as board:
            page = await board.at_rest()
            status, answer = await send(board, "PUT", LAYOUT)
            assert (status, answer) == (200, {"saved": True}) and await layout(page) == LAYOUT
            new = await board.page(hello=False)
            assert await layout(new) == LAYOUT
            assert json.loads(await new.text())["variables"]
            assert (await send(board, "GET"))[1] == json.loads(LAYOUT)


async def test_long_layout_is_sent_whole_in_short_pieces():
    with Flash():
        async with Served(variables()) as board:
            long = json.dumps({"name": "ä" * 2000, "widgets": []})
            await send(board, "PUT", long)
            assert await layout(await board.page(hello=False)) == long


async def test_layouts_are_written_no_more_often_than_every_two_seconds():
    with Flash():
        async with Served(variables()) as board:
            for first, status in (LAYOUT, 200), ("{", 400):  # a wrong one was written before it was read
                assert (await send(board, "PUT", first))[0] == status
                for method in "PUT", "DELETE":
                    body = (LAYOUT + " " * 5000).encode()
                    status, headers, answer = await board.request(method, "/api/dashboard", body)
                    assert (status, headers["retry-after"]) == (429, "2")
                    assert answer == b'{"error": "too often: wait for 2 s"}'
                assert (await send(board, "GET"))[1] == json.loads(LAYOUT)


async def test_two_layouts_at_once_are_written_one_after_the_other():
    body = LAYOUT + " " * 5000  # what is shorter is there before anything is written
    with Flash():
        async with Served(variables()) as board:
            head = "PUT /api/dashboard HTTP/1.1\r\nHost: board\r\nContent-Length: %d\r\n\r\n%s"
            first = await board.visit(head % (len(body), body[:4000]))
            await until(board.registry.flash.locked)
            board.written -= 2000
            second = await board.visit(head % (len(body), body.replace("Chart", "Gauge")))
            assert await second.hears_nothing()
            await first.send(body[4000:])
            assert ((await first.head())[0], (await second.head())[0]) == (200, 200)
            assert (await send(board, "GET"))[1]["widgets"][0]["type"] == "Gauge"


async def test_removed_layout_is_told_and_gone():
    with Flash():
        async with Served(variables()) as board:
            await send(board, "PUT", LAYOUT)
            open_page = await board.page(hello=False)
            await layout(open_page)
            assert "variables" in json.loads(await open_page.text())
            assert (await send(board, "DELETE"))[0] == 200
            assert await open_page.text() == "L"
            assert (await send(board, "GET"))[0] == 404
            page = await board.page(hello=False)
            assert "variables" in json.loads(await page.text())


async def test_what_is_no_layout_is_refused():
    with Flash():
        async with Served(variables()) as board:
            for body in "{", '{"widgets": 3}':
                status, answer = await send(board, "PUT", body)
                assert status == 400 and "a layout is JSON" in answer["error"]
            assert os.listdir() == []


async def test_layout_has_a_largest_size():
    with Flash():
        async with Served(variables()) as board:
            text = '{"widgets": []' + " " * (Request.max_content_length - 15) + "}"
            assert (await send(board, "PUT", text))[0] == 200
            assert await send(board, "PUT", text + " ") == (413, {"error": "too large"})
            assert (await send(board, "GET"))[0] == 200


async def test_layout_that_cannot_be_written_is_not_said_to_be_saved():
    with Flash():
        os.mkdir("dashboard.json.new")  # so no file can be opened there
        async with Served(variables()) as board:
            assert await send(board, "PUT", LAYOUT) == (500, {"error": "internal error"})
            assert os.listdir() == ["dashboard.json.new"]
        os.rmdir("dashboard.json.new")


async def test_layout_for_which_the_flash_is_full_is_refused_in_a_sentence_and_the_old_one_stays():
    def full(name, mode="r"):
        if mode == "wb":
            raise OSError(28, "no space")
        return open(name, mode)

    with Flash():
        async with Served(variables()) as board:
            assert (await send(board, "PUT", LAYOUT))[0] == 200
            layouts.open = full
            try:
                answer = await send(board, "PUT", '{"widgets": []}')
            finally:
                del layouts.open
            assert answer == (507, {"error": "the flash is full: the layout is as it was"})
            assert os.listdir() == ["dashboard.json"] and open("dashboard.json").read() == LAYOUT


async def test_broken_file_of_a_layout_is_no_layout_of_charts():
    with Flash():
        with open("dashboard.json", "w") as file:
            file.write("{")
        async with Served(variables()) as board:
            board.keep_history()
            assert not board.registry.history


async def test_long_layout_is_taken_and_long_value_is_not():
    with Flash():
        async with Served(variables()) as board:
            long = json.dumps({"name": "x" * 6000, "widgets": []})
            assert (await send(board, "PUT", long))[0] == 200
            assert (await board.json("PUT", "/api/variables/t", "x" * 6000))[0] == 413


async def test_past_of_charted_variables_is_told_to_who_asks():
    with Flash():
        async with Served(variables()) as board:
            page = await board.page()
            await send(board, "PUT", LAYOUT)
            await layout(page)
            board.registry.write(board.registry.variables["t"], 21.5)
            await page.message()
            answer = await page.ask(id=7, history="t", range=2)
            past = answer.pop("history")
            assert answer == {"id": 7} and 0 <= past.pop("age") < 24 * 60
            assert past == {"name": "t", "range": 2, "step": 24 * 60, "points": [[20.5, 21.5, 21.5]]}


async def test_what_no_chart_shows_has_no_past():
    with Flash():
        async with Served(variables()) as board:
            for charted in False, True:
                page = await board.page(hello=False)
                if charted:
                    await layout(page)
                await page.text()
                for name in "level", "none", "", "t"[charted:]:
                    past = {"name": name, "range": 4, "points": []}
                    assert await page.ask(id=7, history=name, range=4) == {"id": 7, "history": past}
                await send(board, "PUT", LAYOUT)


async def test_question_for_a_past_that_is_none_is_an_error():
    with Flash():
        async with Served(variables()) as board:
            await send(board, "PUT", LAYOUT)
            page = await board.page(hello=False)
            await layout(page)
            await page.text()
            for ring in -1, 5, 1.0, True, "1", None:
                answer = await page.ask(id=7, history="t", range=ring)
                assert answer["id"] == 7 and "a message is like" in answer["error"]
            for name in None, 3, ["t"], {}:
                assert "a message is like" in (await page.ask(id=7, history=name, range=1))["error"]
            assert "a message is like" in (await page.ask(id=7, history="t"))["error"]
            assert (await page.ask(history="t", range=1))["id"] is None


async def test_twenty_charts_ask_at_once_while_another_page_writes():
    def take(client, value):
        pass

    charted = [Variable("t%d" % number, value=number) for number in range(20)]
    chart = {"type": "Chart", "variables": [{"name": one.name} for one in charted]}
    with Flash():
        async with Served(charted + [Variable("fan", value=0, on_write=take)]) as board:
            await send(board, "PUT", json.dumps({"widgets": [chart]}))
            for past in board.registry.history.pasts.values():
                past.lag += 59 * 2016  # all rings are full
            page, other = await board.page(hello=False), await board.page(hello=False)
            for one in page, other:
                await layout(one)
                await one.text()
            for number in range(20):
                await page.frame(json.dumps({"id": number, "history": "t%d" % number, "range": number % 5}))
            told = asyncio.create_task(gather(page, 20))
            longest = 0
            for number in range(30):
                begin = ticks_ms()
                assert await other.ask(id=number, name="fan", value=number) == {"id": number}
                longest = max(longest, ticks_diff(ticks_ms(), begin))
            answers = await told
            assert sorted(answers) == list(range(20)) and longest < 1000, longest
            for number, past in answers.items():
                assert past["points"] == [[number] * 3] * 60


async def gather(page, count):
    """{id: the past that is told} of so many answers, among other messages."""
    answers = {}
    while len(answers) < count:
        message = await page.message()
        if "id" in message:
            answers[message["id"]] = message["history"]
    return answers


async def test_page_that_asks_for_pasts_without_end_is_closed():
    with Flash():
        async with Served(variables()) as board:
            await send(board, "PUT", LAYOUT)
            page = await board.page(hello=False)  # it takes nothing, so no answer leaves
            for number in range(33):
                await page.frame('{"id": %d, "history": "t", "range": 1}' % number)
            data = b"1"
            while data != b"\x03\xf0":
                _, data = await page.received()
            assert await page.is_closed()
            await board.connections(0)


async def test_images_are_served_and_nothing_beside_them():
    with Flash():
        os.mkdir("files")
        with open("files/plan.svg", "w") as file:
            file.write("<svg/>")
        with open("secrets.py", "w") as file:
            file.write("SECRET")
        async with Served(variables()) as board:
            status, headers, body = await board.request("GET", "/files/plan.svg")
            assert status == 200 and body == b"<svg/>" and headers["content-type"].startswith("image/svg+xml")
            for path in "/files/none.png", "/files/plan", "/files/../secrets.py", "/files/%2e%2e/secrets.py":
                assert (await board.request("GET", path))[0] == 404
        os.remove("files/plan.svg")
        os.rmdir("files")
