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


def test_late_answer_to_a_question_of_an_earlier_connection_is_not_the_last():
    """Seed 2004106: nothing was asked any more, as the answer to this connection's question was lost."""
    cuts = (7.46, "cut", True, False), (10.1, "broker", 5), (10.7, "stall", 8)
    events = (2.48, "page", 0, "level", 119), *cuts, (10.54, "cloud", "level", 500)
    cut = 13.46, "down", "refused", 20, False, True
    slow = {"delay": 0.02, "way": (10, 14), "lost": 0.2}
    for seed in range(30):
        assert failure_of(*events, cut, variables=["level"], there=[], seed=seed, **slow) == "None"


def test_late_answer_to_a_question_of_an_earlier_connection_does_not_end_the_merging():
    """Seed 2062233: what the cloud had before the board's first push won over its second, which was lost."""
    events = (8.2, "page", 0, "number", 20), (8.21, "cut", True, False)
    assert failure_of(*events, way=(10, 14), delay=0.1, preset=["number"]) == "None"


def test_value_of_the_board_that_the_thing_took_late_is_known_at_the_next_write():
    """Seed 2014920: it was forgotten before the Thing had been asked which of two it took last."""
    cross = (19.5, "page", 0, "number", 10), (19.51, "cloud", "number", 100)
    later = (31, "down", "refused", 5, False, True), (31.4, "page", 0, "number", 20)
    assert failure_of(*cross, *later, there=[], lag=(3, 3)) == "None"


def test_value_that_is_put_back_while_the_two_are_apart_is_a_change():
    """Seed 2011242: it was taken for what the board had pushed, so that an older change of the cloud won."""
    apart = 11, "down", "refused", 20, True, True
    events = (14, "page", 0, "flag", 2), (18, "cloud", "flag", 2), (25, "page", 0, "flag", 3)
    assert failure_of(apart, *events, variables=["flag"], there=["flag"]) == "None"


def test_reading_that_nobody_has_taken_since_the_start_follows_the_cloud():
    """Seed 2024349: an older one of the run before came first, and went back over the last."""
    events = (13.9, "page", 0, "number", 10), (14, "reset", 2, 60)
    assert failure_of(*events, variables=["number", "reading"], there=[], lag=(3, 3)) == "None"


def test_older_value_of_the_board_that_surfaces_does_not_stand_where_the_newer_was_lost():
    """Seed 2079987: a change of the cloud had won over the newer one."""
    config = {"variables": ["reading", *WORDS], "preset": ["word0", "word6"], "seed": 2079987}
    there = ["reading", "word3", "word4", "word7", "word9"]
    slow = {"delay": 0.4, "jitter": 0.2, "split": 0.2, "lag": (0, 8), "live": (0, 3), "way": (0, 0.05)}
    events = (8.522, "cut", True, False), (8.537, "script", "word0", 200), (12.696, "cloud", "word0", 400)
    assert failure_of(*events, there=there, **config, **slow) == "None"


def test_change_of_the_cloud_whose_time_comes_only_with_the_answer_is_later():
    apart = 8, "down", "refused", 8, True, True
    events = (10, "page", 0, "number", 20), (14.5, "cloud", "number", 100)
    assert failure_of(apart, *events, seed=1, live=(0, 3), delay=0.1) == "None"


def test_value_that_a_run_pushed_just_before_its_end_is_no_change_of_the_cloud():
    """Seed 2020319: the next run's write lost to it, as the clock was behind."""
    events = (10.9, "reset", 0.5, None), (14.9, "script", "number", 20)
    behind = {"clock": "off", "offset": -300, "delay": 0.4}
    assert failure_of(*events, preset=["number"], there=["level"], **behind) == "None"


def test_late_answer_that_has_the_same_value_from_before_does_not_say_that_the_thing_took_it():
    """Seed 2055756: the board's was unmarked, and lost to an older one in the next answer."""
    apart = (27, "down", "refused", 1, True, True), (31.55, "down", "refused", 2, True, True)
    twice = (35.2, "page", 0, "flag", 738), (35.4, "page", 0, "flag", 739)
    config = {"variables": ["flag"], "there": ["flag"], "way": (10, 14), "seed": 3}
    assert failure_of(*apart, (33.2, "cloud", "flag", 800), *twice, **config) == "None"


def test_value_that_was_under_way_and_is_written_again_is_newer_than_a_change_of_the_cloud():
    """Seed 2052975: it was taken for the one that was under way."""
    events = (5, "page", 0, "flag", 101), (7, "cloud", "flag", 200), (8, "stall", 6)
    again = (8.1, "cloud", "flag", 400), (11, "page", 0, "flag", 101)
    assert failure_of(*events, *again, variables=["flag"], there=["flag"]) == "None"


def test_change_of_the_cloud_that_comes_after_a_later_one_is_over():
    """Seed 2130357: it counted as news, and so did the later one when it came again."""
    late = {"look": (0, 2), "live": (0, 3), "live_stamped": True, "clock": "off", "offset": -60}
    events = (0.269, "cloud", "text", 200), (2.8036, "page", 0, "text", 500)
    config = {"variables": ["turned", "text"], "there": ["turned", "text"], **late}
    for seed in range(40):
        assert failure_of(*events, seed=seed, **config) == "None"


def test_answer_to_a_question_from_before_a_push_does_not_win_over_the_next_write():
    """Seed 2097881: by a clock that was behind; and after a reset the push stood, which was over."""
    events = (1.45, "page", 0, "number", 400), (10.7154, "script", "number", 500), (12.48, "reset", 2, None)
    late = {"delay": 0.4, "way": (6, 7), "clock": "off", "offset": -300, "seed": 2097881}
    assert failure_of(*events, **late) == "None"


def test_push_that_was_never_acknowledged_does_not_make_a_value_of_the_cloud_later():
    """Seed 2144541: what was lost on its way was taken for what the cloud had changed."""
    writes = (19.638, "page", 0, "number", 300), (32.478, "page", 0, "number", 1200)
    events = (writes[0], (19.652, "reset", 2, 1000), writes[1], (32.59, "cut", False, True))
    late = {"latency": 0.3, "look": (0, 2), "way": (10, 14)}
    for seed in range(40):
        assert failure_of(*events, seed=seed, **late) == "None"


def test_push_whose_acknowledgement_was_lost_does_not_win_over_what_the_cloud_changed_after_it():
    """Seed 2050407: without times it did, as if it had never arrived."""
    config = {"variables": ["turned", "text"], "there": ["turned"]}
    late = {"jitter": 0.2, "lost": 0.2, "stamped": False}
    written = (9.911, "cloud", "turned", 200), (10.404, "script", "text", 300)
    events = (8.058, "stall", 8), *written, (23.645, "cloud", "text", 700), (23.738, "cloud", "text", 800)
    for seed in range(40):
        assert failure_of(*events, seed=seed, **config, **late) == "None"


def test_write_stays_newer_than_two_equal_changes_of_the_cloud_that_were_under_way():
    """Seed 2165624: it was taken for the same value that was under way, when the second came."""
    cloud = (29.996, "cloud", "flag", 800), (31.82, "cloud", "flag", 1100)
    events = (29.1, "script", "flag", 700), *cloud, (31.1, "stall", 4), (34.26, "page", 0, "flag", 1049)
    before = (4.81, "page", 0, "flag", 100), (18.26, "cut", True, True)
    config = {"variables": ["flag"], "there": ["flag"], "delay": 0.1, "jitter": 0.2, "live": (0, 3)}
    for seed in range(20):
        assert failure_of(*before, *sorted(events), seed=seed, **config) == "None"


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
