"""A board of 256 KB with many variables: it starts, agrees with the cloud, and shows all to two pages."""

import contextlib
from pathlib import Path

import pytest

from tools import library
from tools.local import Board, Cloud

SCRIPT = Path(__file__).with_name("many.py")
MANY = 200
NUMBER = {"type": "int", "permission": "READ_WRITE"}
SETTLED = 12  # reports, a second apart: then the board asked once more, and what was under way is forgotten
FEW, MORE = 20, 120
LIMITS = {"without options": 249, "with four options": 313}  # bytes of a heap of 64 bits, 64 of them a name's


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """The folder of the modules, as boards get them."""
    folder = tmp_path_factory.mktemp("lib")
    library.compile_into(folder, library.modules())
    return folder


@contextlib.contextmanager
def running(folder, modules, many, plain=False):
    """(cloud, board) with so many variables."""
    thing = [{**NUMBER, "name": f"variable{number}", "value": number} for number in range(many)]
    with Cloud(folder, thing) as cloud:
        secrets = folder / "secrets.py"
        secrets.write_text(f"{secrets.read_text()}\nMANY = {many}\nPLAIN = {plain}\n")
        with Board(SCRIPT, secrets, library=modules) as board:
            board.wait_for("Cloud: connected", timeout=60)
            yield cloud, board


def used(board):
    """Bytes of the heap, when board and cloud have agreed."""
    return int(board.wait_for("connected True, used", 90, SETTLED).split()[-1])


@pytest.mark.parametrize("kind", LIMITS)
def test_heap_that_a_variable_takes(kind, modules, tmp_path):
    plain = kind == "without options"
    with (
        running(tmp_path / "few", modules, FEW, plain) as (_, few),
        running(tmp_path / "more", modules, MORE, plain) as (_, more),
    ):
        each = (used(more) - used(few)) / (MORE - FEW)
    print(f"{kind}: {each:.0f} B")
    assert each <= LIMITS[kind]


def test_two_hundred_variables_with_four_options_are_shown_to_two_pages_and_the_cloud(modules, tmp_path):
    last = f"variable{MANY - 1}"
    with contextlib.ExitStack() as stack:
        cloud, board = stack.enter_context(running(tmp_path, modules, MANY))
        used(board)  # what it remembers of the agreement is least then
        one, other = (stack.enter_context(board.page.follow()) for _ in range(2))
        for page in one, other:
            page.wait_until(lambda page=page: len(page.variables) == MANY, "all variables", 30)
        assert one.write(last, 7) == {"id": 1}
        other.wait_for(last, 7)
        cloud.page.wait_for(last, 7)
        assert len(board.page.get("/api/variables")) == MANY
        assert cloud.page.put("variable0", 8)[0] == 200
        for page in one, other:
            page.wait_for("variable0", 8)
        print(board.wait_for("free"))
    for trouble in "MemoryError", "memory", "had to go", "not stored":
        assert trouble not in board.output
