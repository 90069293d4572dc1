"""Ways in which board and cloud once came apart, each as a history of its own."""

import asyncio

from sideboard.tasks import first_of

from tests.simulation.board import WORDS
from tests.simulation.history import PLAIN, run

DOWN = "down", "refused", 5, True, True  # the link drops, both sides know it, and it is back after 5 s
STORED_LATE = "stored late"


def failure_of(*events, but=(STORED_LATE,), **config):
    """What does not hold in this history of one page; kinds of failures that others show are left out."""
    config = {**PLAIN, "seed": 0, "variables": ["number"], "there": ["number"], "quiet": 120, **config}
    return str(run(config, [(0.01, "open", 0), *events], but))


def test_newer_value_of_the_board_is_not_lost_to_its_own_older_one():
    events = (5, "page", 0, "number", 10), (5.2, "page", 0, "number", 20), (5.3, *DOWN)
    assert failure_of(*events, lag=(0.7, 0.7)) == "None"


def test_slider_dragged_as_the_link_drops_keeps_its_last_value_on_a_clock_of_whole_seconds():
    drag = [(5 + step / 20, "page", 0, "number", 10 + step) for step in range(16)]
    assert failure_of(*drag, (5.4, *DOWN), clock="whole", lag=(0.03, 0.03)) == "None"


def test_page_wins_over_a_cloud_value_that_the_board_had_shown_whatever_its_clock_says():
    events = (5, "cloud", "number", 100), (8, *DOWN), (9, "page", 0, "number", 20)
    assert failure_of(*events, clock="off", offset=-10) == "None"


def test_page_wins_over_a_cloud_value_of_the_same_whole_second():
    events = (5.1, "cloud", "number", 100), (5.3, *DOWN), (5.5, "page", 0, "number", 20)
    assert failure_of(*events, clock="whole", delay=0.02) == "None"


def test_slow_thing_and_board_agree_when_a_write_and_a_change_of_the_cloud_cross():
    for lag in (0.7, 3, 8):
        events = (5, "page", 0, "number", 10), (5.6, "cloud", "number", 100)
        assert failure_of(*events, lag=(lag, lag)) == "None"


def test_last_values_that_come_late_do_not_undo_what_was_written_meanwhile():
    assert failure_of((5.2, "page", 0, "number", 20), way=(6, 6)) == "None"


def test_cloud_value_is_not_sent_back_behind_a_message_that_is_full():
    full = [(6, "script", word, 1) for word in WORDS]
    for word in WORDS:  # one of them is behind, whatever their order
        events = (5, *DOWN), *full, (8, "cloud", word, 2)
        assert failure_of(*events, variables=WORDS, there=WORDS) == "None"


def test_change_is_stored_after_two_seconds_while_the_cloud_acknowledges_it():
    assert failure_of((8, "page", 0, "number", 10), there=(), delay=0.1, but=()) == "None"


def test_change_is_stored_after_two_seconds_beside_a_variable_that_keeps_changing():
    busy = [(8 + step, "page", 0, "level", step) for step in range(12)]
    written = 8.5, "page", 0, "number", 100
    assert failure_of(*busy, written, variables=("number", "level"), there=(), but=()) == "None"


def test_newest_of_three_stands_when_a_cloud_change_comes_late_between_two_of_a_page():
    events = (5.1, "page", 0, "number", 10), (5.5, "cloud", "number", 100), (8, "page", 0, "number", 30)
    assert failure_of((5, "stall", 4), *events) == "None"


def test_value_that_is_written_again_after_a_restart_does_not_lose_to_an_older_one_of_the_cloud():
    """Seed 43: what was under way before was taken for what the cloud holds."""
    unheard = (10.1, "down", "refused", 20, False, True), (10.5, "page", 0, "number", 10)
    again = (33.5, "reset", 2, None), (36.2, "cut", True, False), (36.8, "page", 0, "number", 10)
    assert failure_of(*unheard, *again, jitter=0.2) == "None"


def test_write_made_while_the_board_joins_another_thing_is_kept_when_the_link_breaks():
    """Seed 2033: each connection took away the marks again, until one had been answered."""
    joins = (8.95, "move", 400, []), (10.7, *DOWN), (10.8, "page", 0, "number", 20)
    assert failure_of(*joins, (10.9, "cloud", "number", 100), there=[], stamped=False) == "None"


def test_value_that_only_the_board_writes_is_sent_after_an_older_one_that_was_under_way():
    """Seed 1031586: an answer from before had just the new value, and so it was not sent."""
    config = {"variables": ["leader", "follower"], "there": ["leader", "follower"], "preset": ["follower"]}
    late = {"seed": 1031586, "delay": 0.4, "way": (10, 25), "quiet": 300}
    assert failure_of((10.258, "down", "refused", 5, False, True), **config, **late) == "None"


async def test_tasks_that_belong_together_have_ended_when_the_first_has():
    """Python 3.11's wait_for drops a cancellation that comes as what it waits for is there."""
    ended = []

    async def swallows_one():
        for _ in range(2):
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                pass
        ended.append(True)

    async def first():
        await asyncio.sleep(0)

    await first_of(first(), swallows_one())
    assert ended
