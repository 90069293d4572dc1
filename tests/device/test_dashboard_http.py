"""The dashboard's page and its HTTP interface."""

import os

from flash import Flash
from frozen import Frozen
from sideboard import assets
from sideboard.composites import ColoredLight
from sideboard.variables import Variable
from visitor import Served


def on_write(client, value):
    pass


def variables():
    return (
        Variable("led", value=False, on_write=on_write),
        Variable("count", value=3),
        Variable("t", value=1.5, on_write=on_write),
        ColoredLight("light", swi=True, hue=120, sat=100, bri=50, on_write=on_write),
    )


LED = {"name": "led", "type": "bool", "value": False, "writable": True}


# The page


async def test_page_comes_as_one_gzip_answer():
    async with Served() as board:
        status, headers, body = await board.request("GET", "/")
    with open(assets.__file__.rsplit("/", 1)[0] + "/page.html.gz", "rb") as file:
        assert body == file.read() and body[:2] == b"\x1f\x8b"
    assert status == 200
    assert headers["content-type"] == "text/html; charset=UTF-8"
    assert headers["content-encoding"] == "gzip"


async def test_page_that_the_browser_has_is_not_sent_again():
    async with Served() as board:
        _, headers, _ = await board.request("GET", "/")
        tag = headers["etag"]
        status, headers, body = await board.request("GET", "/", headers="If-None-Match: %s\r\n" % tag)
        assert (status, headers["etag"], body) == (304, tag, b"")
        status, _, _ = await board.request("GET", "/", headers='If-None-Match: "other"\r\n')
        assert status == 200


async def test_head_gets_the_headers_only():
    async with Served(variables()) as board:
        status, headers, body = await board.request("HEAD", "/")
        assert (status, headers["content-encoding"], body) == (200, "gzip", b"")
        for path in "/api/status", "/api/variables/led":
            status, _, body = await board.request("HEAD", path)
            assert (status, body) == (200, b"")


async def test_page_of_a_firmware_comes_from_its_module():
    with Flash(), Frozen():
        async with Served() as board:
            for path, kind, content in (
                ("/", "html", Frozen.PAGE),
                ("/more.js", "javascript", Frozen.MORE),
                ("/editor.js", "javascript", Frozen.EDITOR),
            ):
                status, headers, body = await board.request("GET", path)
                assert (status, body) == (200, content)
                assert headers["content-type"] == "text/%s; charset=UTF-8" % kind
                tag = headers["etag"]
                answer = await board.request("GET", path, headers="If-None-Match: %s\r\n" % tag)
                assert (answer[0], answer[1]["etag"], answer[2]) == (304, tag, b"")
                status, _, _ = await board.request("GET", path, headers='If-None-Match: "other"\r\n')
                assert status == 200


# Reading


async def test_variable_is_read_by_its_name():
    async with Served(variables()) as board:
        assert await board.json("GET", "/api/variables/led") == (200, LED)
        light = {"swi": True, "hue": 120.0, "sat": 100.0, "bri": 50.0}
        expected = {"name": "light", "type": "ColoredLight", "value": light, "writable": True}
        assert await board.json("GET", "/api/variables/light") == (200, expected)


async def test_all_variables_are_read_at_once():
    async with Served(variables()) as board:
        status, answer = await board.json("GET", "/api/variables")
    assert status == 200 and set(answer) == {"led", "count", "t", "light"}
    assert answer["led"] == LED
    assert answer["count"] == {"name": "count", "type": "int", "value": 3, "writable": False}


async def test_number_that_is_not_finite_is_null():
    async with Served((Variable("t", value=float("nan")),)) as board:
        _, answer = await board.json("GET", "/api/variables/t")
    assert answer == {"name": "t", "type": "float", "value": None, "writable": False}


async def test_variable_without_value_and_type_is_null():
    async with Served((Variable("x"),)) as board:
        _, answer = await board.json("GET", "/api/variables")
    assert answer == {"x": {"name": "x", "type": None, "value": None, "writable": False}}


async def test_names_may_hold_any_character():
    names = {
        "living room": "living%20room",
        "größe": "gr%c3%B6%C3%9Fe",
        "a+b": "a+b",
        "50%": "50%25",
        "a/b": "a/b",
        "what?": "what%3F",
        "温度": "%E6%B8%A9%E5%BA%A6",
    }
    async with Served([Variable(name, value=1, on_write=on_write) for name in names]) as board:
        for name, path in names.items():
            status, answer = await board.json("PUT", "/api/variables/" + path, 2)
            assert (status, answer["name"], answer["value"]) == (200, name, 2), name


async def test_status_tells_the_state_of_the_link_and_of_the_board():
    async with Served() as board:
        board.registry.set_status(cloud="connected", address="192.0.2.7")
        status, answer = await board.json("GET", "/api/status")
    assert status == 200
    assert (answer["cloud"], answer["error"], answer["address"]) == ("connected", None, "192.0.2.7")
    assert 0 <= answer["uptime"] < 86400 and "free" in answer


# Writing


async def test_write_answers_with_the_variable():
    async with Served(variables()) as board:
        assert await board.json("PUT", "/api/variables/led", True) == (200, dict(LED, value=True))
        assert board.registry.variables["led"].value is True


async def test_write_of_some_parts_answers_with_all():
    async with Served(variables()) as board:
        status, answer = await board.json("PUT", "/api/variables/light", {"hue": 7})
    assert status == 200 and answer["value"] == {"swi": True, "hue": 7.0, "sat": 100.0, "bri": 50.0}


async def test_write_answers_with_what_the_callback_made_of_it():
    def limit(client, value):
        speed.value = min(value, 100)

    speed = Variable("speed", value=0, on_write=limit)
    async with Served((speed,)) as board:
        status, answer = await board.json("PUT", "/api/variables/speed", 500)
    assert status == 200 and answer["value"] == 100


# Errors


async def refused(path, body, status, text=""):
    async with Served(variables()) as board:
        before = await board.json("GET", "/api/variables")
        got, headers, answer = await board.request("PUT", "/api/variables/" + path, body)
        assert headers["content-type"].startswith("application/json")
        assert got == status and answer.startswith(b'{"error": "') and text in answer.decode(), answer
        assert await board.json("GET", "/api/variables") == before


async def test_body_that_is_no_json_is_refused():
    for body in (b"", b"on", b"{", b"'a'", b"\xff", b'"\xff"', b"[" * 4000):
        await refused("led", body, 400, "JSON")


async def test_variable_that_is_read_only_is_refused():
    await refused("count", b"4", 403, "count is read-only")


async def test_value_of_another_type_is_refused():
    for body in (b"1", b'"true"', b"null", b"[]", b"{}"):
        await refused("led", body, 409, "led takes bool")


async def test_value_that_no_variable_takes_is_refused_before_there_is_a_type():
    async with Served([Variable("new", on_write=print)]) as board:
        for value, kind in (({"a": 1}, "dict"), ([1], "list")):
            answer = await board.json("PUT", "/api/variables/new", value)
            assert answer == (409, {"error": "new takes one value, not " + kind})


async def test_value_out_of_range_is_refused():
    await refused("light", b'{"hue": 361}', 422, "light:hue takes 0 to 360")
    await refused("t", b"1e999", 422, "finite")
    await refused("t", b"9" * 400, 422)


async def test_unknown_part_is_refused():
    await refused("light", b'{"colour": 1}', 409, "colour")


async def test_unknown_variable_is_not_found():
    for path in ("nix", "led/", "%zz", "%ff", "led%00"):
        async with Served(variables()) as board:
            status, answer = await board.json("GET", "/api/variables/" + path)
        assert status == 404 and list(answer) == ["error"]
        await refused(path, b"true", 404)


async def test_other_paths_are_not_found():
    async with Served() as board:
        for path in ("/favicon.ico", "/api", "/api/", "/api/variables/", "/index.html", "/..%2fsecrets.py"):
            assert await board.json("GET", path) == (404, {"error": "Not found"})


async def test_other_methods_are_not_allowed():
    async with Served(variables()) as board:
        for method, path in (("POST", "/api/variables/led"), ("PUT", "/api/status"), ("DELETE", "/")):
            assert await board.json(method, path) == (405, {"error": "not allowed"})


async def test_body_above_the_limit_is_too_large():
    async with Served(variables()) as board:
        for size in (4097, 50000):
            status, _, body = await board.request("PUT", "/api/variables/led", b"1" * size)
            assert (status, body) == (413, b'{"error": "too large"}')


async def test_what_is_no_http_is_a_bad_request():
    for head in ("hello\r\n", "GET /\r\n", "GET / HTTP/1.1\r\nno colon\r\n", "\r\n"):
        async with Served() as board:
            visitor = await board.visit(head)
            status, _ = await visitor.head()
            assert (status, await visitor.reader.read()) == (400, b'{"error": "Bad request"}')


# Who may ask


async def status_of(board, path, headers, method="GET"):
    visitor = await board.visit("%s %s HTTP/1.1\r\n%s\r\n" % (method, path, headers))
    status, _ = await visitor.head()
    return status


async def test_only_names_of_the_board_are_answered():
    async with Served(variables()) as board:
        for host in ("board", "BOARD:8080", "localhost", "127.0.0.1:80", "192.168.1.7"):
            assert await status_of(board, "/api/status", "Host: %s\r\n" % host) == 200
        for host in ("evil.example", "board.evil", "127.0.0.1.evil", "[::1]"):
            assert await status_of(board, "/api/status", "Host: %s\r\n" % host) == 421
            assert await status_of(board, "/", "Host: %s\r\n" % host) == 421


async def test_pages_from_elsewhere_may_not_write():
    async with Served(variables()) as board:
        for origin in (
            "http://evil.example",
            "http://evil//board",
            "https://board",
            "null",
            "http://board.evil",
        ):
            headers = "Host: board\r\nOrigin: %s\r\n" % origin
            assert await status_of(board, "/api/variables/led", headers, "PUT") == 403
            assert await status_of(board, "/api/dashboard", headers, "DELETE") == 403
            assert await status_of(board, "/ws", headers) == 403
        own = "Host: board:80\r\nOrigin: http://board:80\r\nContent-Length: 4\r\n"
        visitor = await board.visit("PUT /api/variables/led HTTP/1.1\r\n%s\r\ntrue" % own)
        assert (await visitor.head())[0] == 200


async def test_page_is_shown_in_no_other_pages_frame():
    async with Served() as board:
        for path in ("/", "/editor.js"):
            _, headers, _ = await board.request("GET", path)
            assert headers["content-security-policy"] == "frame-ancestors 'none'"
            assert (headers["x-content-type-options"], headers["referrer-policy"]) == (
                "nosniff",
                "no-referrer",
            )


# Files


async def test_only_files_of_the_folder_are_given():
    with Flash() as flash:
        flash.put("KEY = 1", "secrets.py")
        os.mkdir("files")
        for name in ("plan.png", "a b.png", "ä.png", "1+1.png"):
            flash.put(name, "files/" + name)
        try:
            async with Served() as board:
                for path, content in (
                    ("plan.png", "plan.png"),
                    ("a%20b.png", "a b.png"),
                    ("%C3%A4.png", "ä.png"),
                    ("1+1.png", "1+1.png"),
                ):
                    status, headers, body = await board.request("GET", "/files/" + path)
                    assert (status, body.decode(), headers["x-content-type-options"]) == (
                        200,
                        content,
                        "nosniff",
                    )
                for path in (
                    "..\\secrets.py",
                    "..%5Csecrets.py",
                    "..%2Fsecrets.py",
                    "../secrets.py",
                    "%2e%2e%5csecrets.py",
                    ".",
                    "..",
                    "",
                    "nothing.png",
                    "plan.png%00",
                    "%zz",
                    "%ED%A0%80.png",
                ):
                    status, _, body = await board.request("GET", "/files/" + path)
                    assert status == 404 and b"KEY" not in body, path
        finally:
            for name in os.listdir("files"):
                os.remove("files/" + name)
            os.rmdir("files")
