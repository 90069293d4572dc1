"""Layout, options, histories and images, as a page gets them."""

import json
import os

from flash import Flash, until
from microdot import Request
from sideboard import layout as layouts
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
            await open_page.text()  # the past of a chart
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


async def test_past_of_charted_variables_comes_after_the_first_message():
    with Flash():
        async with Served(variables()) as board:
            await send(board, "PUT", LAYOUT)
            board.registry.write(board.registry.variables["t"], 21.5)
            page = await board.page(hello=False)
            await layout(page)
            await page.text()
            past = json.loads(await page.text())["history"]
            assert past["name"] == "t" and past["values"] == [20.5, 21.5] and 0 <= past["age"][0] < 5


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
