"""The agreement of a board that runs for days: ticks wrap after twelve, and mislead after six."""

from sideboard.agreement import Agreement, digest
from sideboard.variables import Variable

DAY = 86400000  # ms


def agreed():
    """A variable whose value the cloud has had since the start, and the agreement."""
    variable = Variable("level", value=1, on_write=print)
    agreement = Agreement()
    agreement.connected(0)
    agreement.asks(0)
    agreement.answers(10)
    agreement.wrote(variable, 20)
    agreement.pushed(variable, digest(variable))
    agreement.pushed(variable, digest(variable), 30)
    variable.marked = False
    return variable, agreement


def test_last_value_of_a_cloud_that_changed_is_taken_however_long_ago_the_board_wrote():
    for days in 1, 7, 9, 13, 20, 400:
        variable, agreement = agreed()
        agreement.connected(days * DAY)
        agreement.asks(days * DAY)
        agreement.answers(days * DAY + 10)
        assert agreement.takes_last(variable, 2, None, days * DAY + 10), days


def test_last_value_is_taken_however_long_ago_the_cloud_wrote():
    for days in 1, 7, 9, 13, 20, 400:
        variable, agreement = agreed()
        assert agreement.takes_change(variable, 2, None, 20000)
        variable.take(2, 0)
        agreement.connected(days * DAY)
        agreement.asks(days * DAY)
        agreement.answers(days * DAY + 10)
        assert agreement.takes_last(variable, 3, None, days * DAY + 10), days
