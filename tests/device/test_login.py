"""Who may do what: the login, its sessions, guests, and the brake on guessing."""

import hashlib
import json
from binascii import b2a_base64, hexlify

from frozen import Frozen
from observed import error_of
from sideboard import assets, login
from sideboard.variables import Variable
from visitor import Served

OWNER, GUEST = "schlüssel:1", "guest"


def on_write(client, value):
    pass


def served(**options):
    variables = Variable("led", value=False, on_write=on_write), Variable("count", value=3)
    return Served(variables, password=OWNER, **options)


def with_guests():
    return served(guest=GUEST)


def sha256(data):
    return hashlib.sha256(data).digest()


def answer_to(challenge, password):
    """HMAC-SHA-256, as RFC 2104 writes it."""
    key = password.encode()
    key = (sha256(key) if len(key) > 64 else key) + bytes(64)
    inner = sha256(bytes(byte ^ 0x36 for byte in key[:64]) + challenge.encode())
    return hexlify(sha256(bytes(byte ^ 0x5C for byte in key[:64]) + inner)).decode()


async def challenge_of(board):
    return (await board.json("GET", "/login"))[1]["challenge"]


async def send_login(board, challenge, answer):
    body = json.dumps({"challenge": challenge, "answer": answer})
    status, headers, answer = await board.request("POST", "/login", body.encode())
    return status, headers, json.loads(answer)


async def log_in(board, password=OWNER):
    """The header of a cookie."""
    challenge = await challenge_of(board)
    status, headers, answer = await send_login(board, challenge, answer_to(challenge, password))
    assert status == 200, answer
    return "Cookie: %s\r\n" % headers["set-cookie"].split(";")[0]


async def guess(board, password="wrong"):
    """(status, headers, JSON) of a login."""
    challenge = await challenge_of(board)
    return await send_login(board, challenge, answer_to(challenge, password))


def basic(password, name="any"):
    return "Authorization: Basic %s\r\n" % b2a_base64(("%s:%s" % (name, password)).encode()).decode().strip()


async def status_of(board, headers, path="/api/status", method="GET", body=b""):
    return (await board.request(method, path, body, headers))[0]


class Clock:
    """Within `with Clock() as clock:`, the login's time goes on only by clock.ms."""

    def __enter__(self):
        self.ms = 5000
        self._real, login.uptime = login.uptime, lambda ms=1000: self.ms // ms
        return self

    def __exit__(self, *error):
        login.uptime = self._real


# Without a login


async def test_without_a_login_programs_are_asked_for_a_password_and_browsers_get_the_login_page():
    async with served() as board:
        for path in ("/api/status", "/api/variables", "/api/variables/led", "/api/dashboard", "/ws"):
            status, headers, body = await board.request("GET", path)
            assert (status, body) == (401, b'{"error": "a password is needed"}')
            assert headers["www-authenticate"] == 'Basic realm="Sideboard"'
        with open(assets.__file__.rsplit("/", 1)[0] + "/login.html.gz", "rb") as file:
            page = file.read()
        for path in ("/", "/more.js", "/editor.js", "/files/plan.png"):
            status, headers, body = await board.request("GET", path)
            assert (status, body) == (401, page)
            assert headers["content-type"] == "text/html; charset=UTF-8"
            assert headers["content-security-policy"] == "frame-ancestors 'none'"
            assert "www-authenticate" not in headers


async def test_browser_does_not_ask_for_the_page_in_its_own_way():
    async with served() as board:
        for header in ("Origin: http://board\r\n", "Cookie: sideboard=old\r\n"):
            status, headers, _ = await board.request("GET", "/api/status", headers=header)
            assert status == 401 and "www-authenticate" not in headers


async def test_login_page_is_sent_also_to_who_has_the_page_or_the_login():
    async with served() as board:
        _, headers, _ = await board.request("GET", "/")
        tag = "If-None-Match: %s\r\n" % headers["etag"]
        assert await status_of(board, tag, "/") == 401
        assert await status_of(board, tag, "/", "HEAD") == 401
        page = await log_in(board)
        assert await status_of(board, page + tag, "/") == 200


async def test_login_page_of_a_firmware_comes_from_its_module():
    with Frozen():
        async with served() as board:
            status, _, body = await board.request("GET", "/")
            assert (status, body) == (401, Frozen.LOGIN)


# Logging in


async def test_password_opens_a_session():
    async with served() as board:
        challenge = await challenge_of(board)
        status, headers, answer = await send_login(board, challenge, answer_to(challenge, OWNER))
        assert (status, answer) == (200, {"user": "owner"})
        cookie, attributes = headers["set-cookie"].split("; ", 1)
        assert attributes == "Path=/; HttpOnly; SameSite=Strict; Max-Age=604800"
        name, value = cookie.split("=")
        assert name == "sideboard" and len(value) == 32 and int(value, 16) >= 0
        cookie = "Cookie: theme=dark; %s; other=1\r\n" % cookie
        for path in "/", "/more.js", "/editor.js", "/api/variables":
            assert await status_of(board, cookie, path) == 200
        page = await board.page(cookie)
        assert page.first["status"]["user"] == "owner"
        assert await page.ask(id=1, name="led", value=True) == {"id": 1}
        _, _, body = await board.request("GET", "/api/status", headers=cookie)
        assert json.loads(body)["user"] == "owner"


async def test_long_passwords_are_taken():
    for password in ("x" * 64, "y" * 65, "ü" * 90):
        async with Served(password=password) as board:
            assert await status_of(board, await log_in(board, password)) == 200


async def test_wrong_password_opens_nothing():
    async with served() as board:
        for wrong in ("", OWNER + " ", OWNER[:-1]):
            status, headers, answer = await guess(board, wrong)
            assert (status, answer) == (401, {"error": "wrong password"}) and "set-cookie" not in headers


async def test_challenge_is_good_once():
    async with served() as board:
        challenge = await challenge_of(board)
        answer = answer_to(challenge, OWNER)
        assert (await send_login(board, challenge, answer))[0] == 200
        status, headers, answer = await send_login(board, challenge, answer)
        assert (status, answer) == (409, {"error": "get another challenge"}) and "set-cookie" not in headers


async def test_challenge_of_before_the_last_login_is_refused_and_another_is_to_be_had():
    async with served() as board:
        with Clock() as clock:
            early = await challenge_of(board)
            clock.ms += 1
            await log_in(board)
            assert (await send_login(board, early, answer_to(early, OWNER)))[0] == 409
            clock.ms += 1
            await log_in(board)


async def test_challenge_is_good_for_a_minute():
    async with served() as board:
        with Clock() as clock:
            challenge = await challenge_of(board)
            clock.ms += 60001
            assert (await send_login(board, challenge, answer_to(challenge, OWNER)))[0] == 409
            challenge = await challenge_of(board)
            clock.ms += 60000
            assert (await send_login(board, challenge, answer_to(challenge, OWNER)))[0] == 200


async def test_challenge_that_is_not_the_boards_is_refused():
    async with served() as board:
        given, signature = (await challenge_of(board)).split("-")
        other = str(int(given) + 1)
        forged = other + "-" + signature, given + "-" + "0" * 64
        for challenge in ("", "-", "x", given, "ü", "9" * 50) + forged:
            assert (await send_login(board, challenge, answer_to(challenge, OWNER)))[0] == 409


async def test_login_that_is_none_is_refused_in_a_sentence():
    async with served() as board:
        challenge = await challenge_of(board)
        for body in (
            b"",
            b"{",
            b"[]",
            b"7",
            b"{}",
            b'"a"',
            b"null",
            b"\xff",
            json.dumps({"challenge": challenge}).encode(),
            json.dumps({"challenge": challenge, "answer": None}).encode(),
            json.dumps({"challenge": challenge, "answer": "xyz"}).encode(),
            json.dumps({"challenge": 7, "answer": "00"}).encode(),
            b"[" * 4000,
        ):
            status, _, answer = await board.request("POST", "/login", body)
            assert status == 400 and b"a login has" in answer, body


async def test_login_from_elsewhere_is_refused():
    async with served() as board:
        challenge = await challenge_of(board)
        body = json.dumps({"challenge": challenge, "answer": answer_to(challenge, OWNER)}).encode()
        for method in "POST", "DELETE":
            headers = "Origin: http://evil.example\r\n"
            assert await status_of(board, headers, "/login", method, body) == 403


# Sessions


async def test_log_out_ends_the_session_and_closes_its_pages():
    async with served() as board:
        cookie, other = await log_in(board), await log_in(board)
        pages = [await board.page(cookie), await board.page(cookie)]
        stays = await board.page(other)
        status, headers, _ = await board.request("DELETE", "/login", headers=cookie)
        assert status == 200
        assert headers["set-cookie"] == "sideboard=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
        for page in pages:
            assert await page.is_closed()
        for path in "/", "/api/status", "/ws":
            assert await status_of(board, cookie, path) == 401
        assert await status_of(board, other) == 200 and await stays.ask(id=1) == {"id": 1}


async def test_log_out_without_a_session_changes_nothing():
    async with served() as board:
        cookie = await log_in(board)
        for method in "HEAD", "GET", "delete":
            assert await status_of(board, cookie, "/login", method) == 200
        for headers in "", "Cookie: sideboard=0\r\n":
            assert await status_of(board, headers, "/login", "DELETE") == 200
        assert await status_of(board, cookie) == 200


async def test_cookie_that_nobody_got_opens_nothing():
    async with served() as board:
        cookie = await log_in(board)
        for wrong in ("", "0" * 32, cookie.strip()[-32:-1], cookie.strip()[-32:] + "0", "ü"):
            assert await status_of(board, "Cookie: sideboard=%s\r\n" % wrong) == 401
        assert await status_of(board, "Cookie: sideboard\r\n") == 401


async def test_cookie_of_before_a_restart_opens_nothing():
    async with served() as board:
        cookie = await log_in(board)
    async with served() as board:
        assert await status_of(board, cookie) == 401


async def test_session_ends_after_a_week_with_its_pages():
    async with served() as board:
        with Clock() as clock:
            cookie = await log_in(board)
            page = await board.page(cookie)
            clock.ms += 604799000
            assert await status_of(board, cookie) == 200
            clock.ms += 1000
            assert await status_of(board, cookie) == 401
            assert await page.is_closed()


async def test_ninth_session_ends_the_first():
    async with served() as board:
        with Clock() as clock:
            cookies = []
            for _ in range(9):
                clock.ms += 1
                cookies.append(await log_in(board))
        for number, cookie in enumerate(cookies):
            assert await status_of(board, cookie) == (200 if number else 401)


async def test_cookie_is_of_no_use_to_pages_from_elsewhere():
    async with served(origins=("http://dash.example",)) as board:
        cookie = await log_in(board)
        assert await status_of(board, cookie + "Origin: http://board\r\n") == 200
        for origin in "http://dash.example", "http://evil.example", "null":
            assert await status_of(board, cookie + "Origin: %s\r\n" % origin) == 401


# Programs


async def test_programs_send_a_password_with_any_user_name():
    async with with_guests() as board:
        for password, user in ((OWNER, "owner"), (GUEST, "guest")):
            for name in "any", "", "owner":
                _, _, body = await board.request("GET", "/api/status", headers=basic(password, name))
                assert json.loads(body)["user"] == user
        page = await board.page(basic(OWNER))
        assert page.first["status"]["user"] == "owner"


async def test_only_the_right_password_opens():
    async with Served(password="key") as board:
        for header in (
            basic("other"),
            basic(""),
            basic("a:key"),
            basic("key "),
            "Authorization: Basic\r\n",
            "Authorization: Basic ?\r\n",
            "Authorization: Basic /w==\r\n",
            "Authorization: Bearer key\r\n",
        ):
            async with Served(password="key") as board:
                assert await status_of(board, header) == 401, header


# Guests


async def test_guest_sees_everything_and_can_change_nothing():
    async with with_guests() as board:
        for headers in await log_in(board, GUEST), basic(GUEST):
            for path in "/", "/editor.js", "/api/variables", "/api/status":
                assert await status_of(board, headers, path) == 200
            _, _, body = await board.request("GET", "/api/variables", headers=headers)
            assert [one["writable"] for one in json.loads(body).values()] == [False, False]
            _, _, body = await board.request("GET", "/api/variables/led", headers=headers)
            assert json.loads(body)["writable"] is False
            for method, path in (
                ("PUT", "/api/variables/led"),
                ("PUT", "/api/dashboard"),
                ("DELETE", "/api/dashboard"),
            ):
                status, _, body = await board.request(method, path, b"true", headers)
                assert (status, body) == (403, b'{"error": "guests change nothing"}')
            for method in "put", "Put", "pUT":
                assert await status_of(board, headers, "/api/variables/led", method, b"true") == 403
            page = await board.page(headers)
            assert page.first["status"]["user"] == "guest"
            assert [one["writable"] for one in page.first["variables"]] == [False, False]
            answer = await page.ask(id=1, name="led", value=True)
            assert (answer["id"], answer["error"]) == (1, "guests change nothing")
            assert [(one["value"], one["writable"]) for one in answer["variables"]] == [(False, False)]
            assert board.registry.variables["led"].value is False
            count = board.registry.variables["count"]
            count.value += 1
            assert (await page.message())["variables"][0]["writable"] is False


async def test_owner_may_write_where_guests_may_not():
    async with with_guests() as board:
        headers = await log_in(board)
        assert await status_of(board, headers, "/api/variables/led", "PUT", b"true") == 200
        _, _, body = await board.request("GET", "/api/variables", headers=headers)
        assert json.loads(body)["led"]["writable"] is True


async def test_without_passwords_nobody_is_told_who_he_is():
    async with Served((Variable("led", value=False, on_write=on_write),)) as board:
        _, answer = await board.json("GET", "/api/status")
        page = await board.page()
        assert "user" not in answer and "user" not in page.first["status"]
        assert await board.json("GET", "/login") == (404, {"error": "Not found"})


# The brake


async def fail(board, times):
    for _ in range(times):
        status, _, _ = await guess(board)
        assert status == 401


async def test_who_guesses_waits_ever_longer_up_to_a_minute():
    async with served() as board:
        with Clock() as clock:
            await fail(board, 3)
            for wait in (1, 2, 4, 8, 16, 32, 60, 60, 60):
                await fail(board, 1)
                for password in "wrong", OWNER:
                    status, headers, answer = await guess(board, password)
                    assert (status, headers["retry-after"]) == (429, str(wait))
                    assert answer == {"error": "too often: wait for %d s" % wait}
                clock.ms += wait * 1000 - 1
                assert (await guess(board, OWNER))[1]["retry-after"] == "1"
                clock.ms += 1
            assert (await guess(board, OWNER))[0] == 200


async def test_brake_holds_for_programs_too_and_not_for_who_is_logged_in():
    async with served() as board:
        with Clock() as clock:
            cookie = await log_in(board)
            for _ in range(4):
                assert await status_of(board, basic("wrong")) == 401
            status, headers, _ = await board.request("GET", "/api/status", headers=basic(OWNER))
            assert (status, headers["retry-after"]) == (429, "1")
            assert await status_of(board, basic(OWNER), "/api/variables/led", "PUT", b"true") == 429
            clock.ms += 1
            assert (await guess(board, OWNER))[0] == 429
            assert await status_of(board, cookie) == 200
            clock.ms += 999
            assert await status_of(board, basic(OWNER)) == 200


async def test_right_password_clears_the_guesses():
    async with served() as board:
        with Clock() as clock:
            await fail(board, 4)
            clock.ms += 1000
            await log_in(board)
            clock.ms += 1
            await fail(board, 4)
            assert (await guess(board))[0] == 429


async def test_guesses_are_forgotten_after_ten_minutes():
    async with served() as board:
        with Clock() as clock:
            await fail(board, 4)
            clock.ms += 600001
            await fail(board, 4)
            assert (await guess(board))[1]["retry-after"] == "1"


class From:
    """A request from an address."""

    def __init__(self, address):
        self.address = address
        self.sock = (self,)


async def test_addresses_without_a_place_share_one():
    async with served() as board:
        asked = login.Login(board, OWNER, None)
        with Clock() as clock:

            def guesses(address, times):
                for _ in range(times):
                    assert not asked._judge(From(address), b"", b"")

            for number in range(8):
                guesses("192.0.2.%d" % number, 1)
            for number in range(20, 24):
                guesses("192.0.2.%d" % number, 1)
            assert error_of(login.Refused, asked._judge, From("192.0.2.99"), b"", b"") is not None
            assert len(asked._guesses) == 9
            guesses("192.0.2.7", 3)  # has its own
            clock.ms += 600001
            guesses("192.0.2.99", 4)
            assert len(asked._guesses) == 1


async def test_requests_without_a_password_cost_nobody_a_guess():
    async with served() as board:
        for _ in range(10):
            assert await status_of(board, "Cookie: sideboard=old\r\n") == 401
            assert await status_of(board, "", "/") == 401
            await challenge_of(board)
        assert await status_of(board, basic(OWNER)) == 200
