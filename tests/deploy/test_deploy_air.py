"""make deploy HOST=…: to a simulated board in the network, whatever becomes of the cable."""

from types import SimpleNamespace

import pytest
from airborne import PASSWORD, SCRIPT, SECRETS, AirBoard, AirMaker
from cable import Cable
from deploying import Index
from test_deploy_errors import last_words

from tools.deploy import files

RESTART = b"POST /api/restart"


@pytest.fixture(scope="module")
def modules():
    return files.library((), True)


@pytest.fixture(scope="module")
def others(modules):
    """As many that differ, and do the same."""
    return {name: content + b"?" for name, content in modules.items()}


@pytest.fixture
def maker(tmp_path):
    return AirMaker(tmp_path / "home")


def waiting(board):
    return [name for name in board.files() if name.endswith(".next")]


def test_everything_and_then_nothing(maker, modules, others, tmp_path):
    with AirBoard(tmp_path / "board", others) as board:
        (board.flash / "lib/sideboard/gone.py").write_text("")
        result = maker.deploy(board)
        assert (set(result.copied), result.removed) == (
            {*modules, "deploy.json", "boot.py", "boards.py", "main.py"},
            ["lib/sideboard/gone.py"],
        )
        board.wait_until_it_starts()
        assert f"The board's page: {board.page.url}/" in result.output and result.code == 0
        there = board.files()
        assert {name: there[name] for name in modules} == modules
        assert there["main.py"].decode() == SCRIPT % 2 and not waiting(board)
        assert not (board.flash / "lib/sideboard/gone.py").exists()
        again = maker.deploy(board)
        assert (again.code, again.copied) == (0, []) and "Nothing to copy" in again.output
        assert board.files() == there
        assert board.output.count("MPY: reset") == 1, "it restarted although nothing was new"


def test_one_file(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        maker.deploy(board)
        board.wait_until_it_starts()
        maker.write(3)
        result = maker.deploy(board)
        assert result.copied == ["deploy.json", "main.py"] and "Overwrite" not in result.output
        board.wait_until_it_starts()
        assert (board.flash / "main.py").read_text() == SCRIPT % 3


def test_dry_run_changes_nothing(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        before = board.files()
        result = maker.deploy(board, "--dry-run")
        assert (result.code, result.copied) == (0, ["boot.py", "deploy.json", "boards.py"])
        assert "Would ask: The board's main.py is not from here. Overwrite it?" in result.output
        assert board.files() == before and "MPY: reset" not in board.output


def test_secrets_are_compared_and_replaced_without_being_told(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        there = (board.flash / "secrets.py").read_text()
        (maker.home / "secrets.py").write_text(there)
        assert "secrets.py" not in maker.deploy(board, "--dry-run").copied
        (maker.home / "secrets.py").write_text(there.replace(PASSWORD, "another"))
        assert "secrets.py" in maker.deploy(board).copied
        board.wait_until_it_starts()
        maker.environment = {"PASSWORD": "another"}
        assert maker.deploy(board).copied == []


def test_secrets_without_a_password_are_not_taken(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        before = board.files()
        (maker.home / "secrets.py").write_text("WIFI_SSID = 'here'\n")
        assert "has no DASHBOARD_PASSWORD" in last_words(maker.deploy(board))
        assert board.files() == before


def test_firmware_that_brings_sideboard_gets_the_application_only(maker, tmp_path):
    with AirBoard(tmp_path / "board") as board:
        result = maker.deploy(board)
        assert result.copied == ["deploy.json", "boards.py", "main.py"]
        assert "Sideboard is in its firmware." in result.output


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory, others):
    """How many bytes are carried until all files are there."""
    folder = tmp_path_factory.mktemp("whole")
    with AirBoard(folder / "board", others) as board, Cable(board.http_port) as cable:
        assert AirMaker(folder / "home").deploy(through(cable)).code == 0
        return cable.carried.index(RESTART)


def through(cable):
    return SimpleNamespace(port=f"127.0.0.1:{cable.port}")


@pytest.mark.parametrize("part", [0.001, 0.03, 0.15, 0.3, 0.5, 0.7, 0.85, 0.99, "journal", "answer"])
def test_cut_cable_leaves_all_old_or_all_new_and_the_next_run_mends_it(
    part, maker, modules, others, whole_run, tmp_path
):
    with AirBoard(tmp_path / "board", others) as board, Cable(board.http_port) as cable:
        before = board.files()
        cable.cut = {"journal": in_journal, "answer": in_answer}.get(part) or at(part, whole_run)
        result = maker.deploy(through(cable))
        assert "Nobody answers at 127.0.0.1" in last_words(result)
        if part == "answer":
            board.wait_until_it_starts()
            there = board.files()
            assert {name: there[name] for name in modules} == modules and not waiting(board)
        else:
            assert {
                name: text for name, text in board.files().items() if name not in waiting(board)
            } == before
        cable.cut = lambda carried: None
        cable.plug()
        again = maker.deploy(through(cable))
        assert again.code == 0, again.output
        assert bool(again.copied) == (part != "answer")
        there = board.files()
        assert {name: there[name] for name in modules} == modules and not waiting(board)
        assert there["main.py"].decode() == SCRIPT % 2


def at(part, whole):
    return lambda carried: int(part * whole)


def in_journal(carried):
    """Within the list of what is to get its name."""
    return carried.index(RESTART) + 600 if RESTART in carried else None


def in_answer(carried):
    """As the board answers that it has the list."""
    ok = b"HTTP/1.1 202"
    return carried.index(ok) + 5 if ok in carried else None


def test_start_ends_what_a_pulled_plug_left(modules, tmp_path):
    """As on FAT between an old file's end and its new name."""
    missing = "lib/sideboard/dashboard.mpy"
    flash = {name: content for name, content in modules.items() if name != missing}
    flash |= {f"{missing}.next": modules[missing], "main.py.next": (SCRIPT % 2).encode()}
    flash["journal.txt"] = f"0 {missing}\n0 main.py\n- lib/gone.py\n".encode()
    with AirBoard(tmp_path / "board", flash, boot=True) as board:
        there = board.files()
        assert {name: there[name] for name in modules} == modules and not waiting(board)
        assert there["main.py"].decode() == SCRIPT % 2 and "journal.txt" not in there


def test_wrong_password(modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        for password in "wrong", "guest":
            maker = AirMaker(tmp_path / password, password)
            start = "That is not the password" if password == "wrong" else "That is the guests' password"
            assert last_words(maker.deploy(board)).startswith(f"{start} of the board at {board.port}")


def test_password_from_a_file(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", modules) as board:
        maker.environment = {"PASSWORD": ""}
        (maker.home / "password").write_text(PASSWORD + "\n")
        assert maker.deploy(board, "--dry-run", "--password-file", "password").code == 0
        assert "YES=1 does not answer “The password" in last_words(maker.deploy(board))


def test_board_without_a_password(maker, tmp_path):
    secrets = "\n".join(line for line in SECRETS.splitlines() if "PASSWORD" not in line)
    with AirBoard(tmp_path / "board", secrets=secrets) as board:
        words = last_words(maker.deploy(board))
    assert words == (f"The board at {board.port} refuses: set DASHBOARD_PASSWORD: files need a password.")


def test_nobody_there(maker):
    assert last_words(maker.deploy(SimpleNamespace(port="127.0.0.1:9"))).startswith(
        "Nobody answers at 127.0.0.1:9 ("
    )
    assert last_words(maker.deploy(SimpleNamespace(port="no.invalid"))).startswith(
        "Nobody answers at no.invalid ("
    )
    assert (
        last_words(maker.deploy(SimpleNamespace(port="a:b"))) == "HOST=a:b is no name or address of a board."
    )


def test_something_that_is_no_sideboard(maker, tmp_path):
    with Index(tmp_path) as server:
        place = server.url.removeprefix("http://")
        assert (
            last_words(maker.deploy(SimpleNamespace(port=place)))
            == f"What answers at {place} is no Sideboard."
        )


def test_name_that_is_not_the_boards(maker, modules, tmp_path):
    change = (
        "import socket; real = socket.create_connection; "
        "socket.create_connection = lambda address, *more: real(('127.0.0.1', address[1]), *more)"
    )
    with AirBoard(tmp_path / "board", modules) as board:
        place = f"other.local:{board.http_port}"
        words = last_words(maker.deploy(SimpleNamespace(port=place), change=change))
    assert words == f"The board at {place} has another name: this board is not called other.local."


FULL = """
from uos import *
import uos

def statvfs(path):
    state = uos.statvfs(path)
    return state[:1] + (4096, 100, 5, 5) + state[5:]
"""


def test_file_that_does_not_fit_the_flash(maker, modules, tmp_path):
    with AirBoard(tmp_path / "board", {**modules, "lib/os.py": FULL.encode()}) as board:
        before = board.files()
        (maker.home / "mine.py").write_text("#" * 20000)
        result = maker.deploy(board)
        assert last_words(result) == ("The board refuses: the flash is full. Remove files you do not need.")
        assert result.copied == ["boot.py", "deploy.json", "boards.py", "main.py"]
        assert board.files() == before
