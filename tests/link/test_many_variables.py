"""A board of 256 KB with many variables: it starts, agrees with the cloud, and shows all to two pages."""

from pathlib import Path

import pytest

from tools import library
from tools.local import Board, Cloud

SCRIPT = Path(__file__).with_name("many.py")
MANY = 100
NUMBER = {"type": "int", "permission": "READ_WRITE"}


@pytest.fixture
def board(tmp_path):
    thing = [{**NUMBER, "name": f"variable{number}", "value": number} for number in range(MANY)]
    with Cloud(tmp_path / "cloud", thing) as cloud:
        secrets = tmp_path / "cloud/secrets.py"
        secrets.write_text(f"{secrets.read_text()}\nMANY = {MANY}\n")
        library.compile_into(tmp_path / "lib", library.modules())  # as boards get them
        with Board(SCRIPT, secrets, library=tmp_path / "lib") as board:
            board.wait_for("Cloud: connected", timeout=30)
            yield cloud, board


def test_a_hundred_variables_with_four_options_are_shown_to_two_pages_and_the_cloud(board):
    cloud, board = board
    with board.page.follow() as one, board.page.follow() as other:
        for page in one, other:
            page.wait_until(lambda page=page: len(page.variables) == MANY, "all variables")
        assert one.write(f"variable{MANY - 1}", 7) == {"id": 1}
        other.wait_for(f"variable{MANY - 1}", 7)
        cloud.page.wait_for(f"variable{MANY - 1}", 7)
        assert len(board.page.get("/api/variables")) == MANY
        assert cloud.page.put("variable0", 8)[0] == 200
        one.wait_for("variable0", 8)
    assert "MemoryError" not in board.output
    print(board.wait_for("free"))
