"""Who gets at the board's files, and at which: no secret leaves it, and no name leads elsewhere."""

import json
import os

from remote_files import BIG, ME, Flash, ask, everything, listing, served, sha256
from sideboard import files
from test_login import GUEST, basic, log_in
from visitor import Served

NAMES = (
    "../x", "lib/../../x", "..", ".", "lib/..", "/etc/x", "lib//x", "x/", "%2e%2e/x", "%2e%2e%2fx", "..%2fx",
    "a%5cb", "..%5cx", "lib%5c..%5cx", "x%00", "x%0a", "x~1", "x%3a", "x*", "x%22", "x%3C", "x|", "x%7f",
    "%ff", "x%ed%a0%80", "x%c0%af", ".hidden", "x.", "x%20", "%20x", "y" * 65, "%C3%A4" * 33, "lib", "lib/",
)  # fmt: skip


async def test_names_that_lead_elsewhere_or_are_other_files_are_refused():
    with Flash() as flash:
        async with served() as board:
            before = everything()
            for name in NAMES:
                for method in "PUT", "GET", "DELETE":
                    body = b"body" if method == "PUT" else b""
                    status, answer = await ask(board, method, "/api/files/" + name, body)
                    assert status in (400, 404), (method, name, status, answer)
                    assert list(json.loads(answer)) == ["error"]
            assert everything() == before
            assert os.listdir(flash.folder) == ["flash"]


SECRETS = (
    "secrets.py",
    "SECRETS.PY",
    "Secrets.py",
    "secrets.mpy",
    "lib/secrets.py",
    "secrets.py.new",
    "a.KEY",
    "b.pem",
)


async def test_secrets_are_written_and_never_read_in_any_case():
    with Flash():
        async with served() as board:
            for name in SECRETS:
                assert (await ask(board, "PUT", "/api/files/" + name, b"PASSWORD = 1"))[0] == 200
                status, answer = await ask(board, "GET", "/api/files/" + name)
                assert (status, answer) == (403, b'{"error": "secrets are never read"}')
                status, answer = await ask(board, "PUT", "/api/files/%s.next" % name, b"PASSWORD = 2")
                assert (await ask(board, "GET", "/api/files/%s.next" % name))[0] == 403
            assert not [
                name
                for name, digest in (await listing(board)).items()
                if digest and name not in ("main.py", "lib/module.py")
            ]
            for name in "SECRET~1.PY", "secrets~1", "secret%7e1.py":
                assert (await ask(board, "GET", "/api/files/" + name))[0] == 400


async def test_file_is_given_by_no_name_but_that_in_its_folder():
    """As FAT would do it: by any case, and with a dot or a space at its end."""
    real = os.stat, files.open if hasattr(files, "open") else open

    with Flash():
        async with served() as board:
            files.open = lambda name, mode="r": open(name.lower().rstrip(". "), mode)
            try:
                for name in "MAIN.PY", "Main.py", "LIB/module.py":
                    assert (await ask(board, "GET", "/api/files/" + name))[0] == 404, real
            finally:
                del files.open


async def test_known_file_is_not_sent_again_and_whether_a_secret_is_known_is_told():
    with Flash():
        async with served() as board:
            for name, known in ("main.py", b"old"), ("secrets.py", b"SECRET = 1"):
                for content, status in (known, 304), (b"other", {"main.py": 200, "secrets.py": 403}[name]):
                    headers = ME + 'If-None-Match: "%s"\r\n' % sha256(content)
                    assert (await ask(board, "GET", "/api/files/" + name, headers=headers))[0] == status


async def test_only_the_owner_gets_at_files():
    with Flash():
        async with served() as board:
            before = everything()
            cookie, guest = await log_in(board), await log_in(board, GUEST)
            foreign = ME + "Origin: http://evil.example\r\n"
            for headers, status in (guest, 403), (basic(GUEST), 403), ("", 401), (basic("wrong"), 401):
                for method, path in (
                    ("GET", ""),
                    ("GET", "/main.py"),
                    ("PUT", "/main.py"),
                    ("DELETE", "/main.py"),
                ):
                    body = b"body" if method == "PUT" else b""
                    answer = await ask(board, method, "/api/files" + path, body, headers)
                    assert answer[0] == status or status == 401 and answer[0] == 429, (headers, method, path)
                assert (await ask(board, "POST", "/api/restart", b"", headers))[0] in (status, 429)
            assert (await ask(board, "GET", "/api/files", headers=cookie))[0] == 200
            for mine in foreign, cookie + "Origin: http://evil.example\r\n":
                for method, path in (
                    ("PUT", "files/main.py"),
                    ("DELETE", "files/main.py"),
                    ("POST", "restart"),
                ):
                    assert (await ask(board, method, "/api/" + path, b"x", mine))[0] == 403
            assert everything() == before


async def test_without_a_password_nobody_gets_at_files_and_a_sentence_says_why():
    with Flash():
        async with Served([]) as board:
            before = everything()
            for method, path, body in (
                ("GET", "files", b""), ("GET", "files/main.py", b""), ("PUT", "files/main.py", BIG * 5),
                ("DELETE", "files/main.py", b""), ("POST", "restart", b""),
                ("POST", "restart", b"- main.py\n"),
            ):  # fmt: skip
                status, answer = await ask(board, method, "/api/" + path, body, "")
                assert (status, answer) == (
                    403, b'{"error": "set DASHBOARD_PASSWORD: files need a password"}',
                )  # fmt: skip
            assert everything() == before


async def test_other_methods_and_paths():
    with Flash():
        async with served() as board:
            for method, path in (
                ("POST", "files"),
                ("DELETE", "files"),
                ("POST", "files/main.py"),
                ("GET", "restart"),
            ):
                assert (await ask(board, method, "/api/" + path))[0] == 405, (method, path)
            assert (await ask(board, "GET", "/api/filesystem"))[0] == 404
