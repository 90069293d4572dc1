"""Pages from elsewhere that DASHBOARD_ORIGINS names, and those that it does not."""

from binascii import b2a_base64

from observed import error_of
from sideboard.errors import SettingsError
from sideboard.variables import Variable
from visitor import Served

DASH = "http://dash.example"
FROM_DASH = "Origin: %s\r\n" % DASH
LOGIN = "Authorization: Basic %s\r\n" % b2a_base64(b"any:key").decode().strip()


def served(origins=(DASH, "https://other.example:8443"), password=None):
    led = Variable("led", value=False, on_write=lambda client, value: None)
    return Served((led,), password, origins=origins)


async def test_no_page_from_elsewhere_may_read_unless_a_setting_names_it():
    async with served(()) as board:
        for method in "GET", "OPTIONS", "PUT":
            _, headers, _ = await board.request(method, "/api/variables/led", headers=FROM_DASH)
            assert not [name for name in headers if name.startswith("access-control-")]


async def test_page_that_is_named_reads_and_writes():
    async with served() as board:
        for origin in DASH, "https://other.example:8443":
            header = "Origin: %s\r\n" % origin
            for method, path, body in (
                ("GET", "/api/variables", b""),
                ("PUT", "/api/variables/led", b"true"),
                ("PUT", "/api/variables/led", b"7"),
                ("GET", "/nothing", b""),
            ):
                _, headers, _ = await board.request(method, path, body, header)
                assert (headers["access-control-allow-origin"], headers["vary"]) == (origin, "Origin")
                assert "access-control-allow-credentials" not in headers
            page = await board.page(header)
            assert await page.ask(id=1, name="led", value=True) == {"id": 1}


async def test_browser_that_asks_before_a_write_is_told_what_is_allowed():
    async with served(password="key") as board:
        asks = FROM_DASH + "Access-Control-Request-Method: PUT\r\n"
        status, headers, _ = await board.request("OPTIONS", "/api/variables/led", headers=asks)
        assert status == 200
        assert set(headers["access-control-allow-methods"].split(", ")) >= {"GET", "PUT"}
        assert headers["access-control-allow-headers"] == "Authorization, Content-Type"


async def test_page_that_is_not_named_may_do_nothing():
    async with served() as board:
        for origin in "http://evil.example", DASH + "/", DASH + ".evil", "https://dash.example", "null", "":
            header = "Origin: %s\r\n" % origin
            for method, path, expected in (
                ("GET", "/api/variables", 200),  # whose answer the browser keeps from the page
                ("OPTIONS", "/api/variables/led", 200),
                ("PUT", "/api/variables/led", 403),
                ("GET", "/ws", 403),
            ):
                status, headers, _ = await board.request(method, path, headers=header)
                assert status == expected, (origin, method)
                assert "access-control-allow-origin" not in headers


async def test_page_that_is_named_sends_the_password_where_there_is_one():
    async with served(password="key") as board:
        status, headers, _ = await board.request("GET", "/api/variables", headers=FROM_DASH)
        assert (status, headers["access-control-allow-origin"]) == (401, DASH)
        assert (await board.request("GET", "/api/variables", headers=FROM_DASH + LOGIN))[0] == 200
        status, _, _ = await board.request("PUT", "/api/variables/led", b"true", FROM_DASH + LOGIN)
        assert status == 200


async def test_what_is_no_http_is_a_bad_request_here_too():
    async with served() as board:
        visitor = await board.visit("hello\r\n")
        assert (await visitor.head())[0] == 400


def test_origins_that_are_none_are_named():
    for origins in DASH, [DASH], (7,), (b"http://x",), ("dash.example",), (DASH + "/",), 0, False, "", None:
        board = Served()
        board.origins = origins
        from sideboard.origins import accept

        text = error_of(SettingsError, accept, board)
        assert text == 'DASHBOARD_ORIGINS must be like ("http://dash.example",), not %r' % (origins,)
