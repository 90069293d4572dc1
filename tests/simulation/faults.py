"""Faults that can be planted in the board's code while it runs: each a mistake somebody could make."""

import contextlib
import inspect
import textwrap

from sideboard.agreement import Agreement, _is_later
from sideboard.clock import now
from sideboard.cloud import CloudLink
from sideboard.page import Page
from sideboard.store import Store, _write
from sideboard.tasks import first_of
from sideboard.variables import Registry

# What is wrong: the function, the text in it that is right, and the text in its place. Some faults do
# the promise no harm, as the next question heals: a message taken twice, an answer to the wrong question.
FAULTS = {
    "an acknowledgement unmarks whatever stands by then": (
        CloudLink._push_changes,
        "if digest(variable) == marks[variable]:",
        "if True:",
    ),
    "a variable that found no room in a message counts as changed by the board": (
        CloudLink._push_changes,
        "self.changed.add(variable)",
        "self.note(variable)",
    ),
    "two messages follow each other without a pause": (
        CloudLink._push,
        "if self.changed and await self._push_changes(session):\n            await sleep_ms(_APART_MS)",
        "if self.changed and await self._push_changes(session):\n            await sleep_ms(0)",
    ),
    "what is owed is not sent when the last values have come": (
        CloudLink.on_message,
        "self._push_what_is_owed()",
        "pass",
    ),
    "what was pushed before a power cut is forgotten at the next write": (
        Agreement.wrote,
        "if not variable.marked and self._doubted is None:",
        "if True:",
    ),
    "the board does not remember which Thing it belongs to": (
        CloudLink._exchange,
        'registry.thing["thing_id"] = self.thing_id',
        "pass",
    ),
    "an answer is believed, however old it may be": (
        Agreement.takes_last,
        "sure = pushed in (None, mark) and asked >= self._began",
        "sure = True",
    ),
    "a change of the cloud makes the board forget what it pushed before": (
        Agreement.takes_change,
        "if pushed is None:",
        "if True:",
    ),
    "a change of the cloud wins over a newer one of the board": (
        Agreement.takes_change,
        "newer and (crossed or not self._wins(variable, mark, ours, time))",
        "False",
    ),
    "the board wins over every last value": (
        Agreement.takes_last,
        "takes = tells and self._wins(variable, mark, ours, time) if variable.marked else sure",
        "takes = sure and not variable.marked",
    ),
    "what the cloud already had counts as a change of its": (
        Agreement._wins,
        "mark in variable.known",
        "False",
    ),
    "nobody asks again once the Thing must have taken everything": (
        Agreement.question,
        "since, wait = self._doubted, LAG_MS",
        "since, wait = None, LAG_MS",
    ),
    "a clock that is not set is believed": (now, "seconds > 1750000000", "True"),
    "the earlier of two changes wins": (_is_later, "> own", "< own"),
    "the tasks of a connection outlive it": (
        first_of,
        "await ended.wait()",
        "await ended.wait()\n        tasks = []",
    ),
    "an acknowledgement starts the store's wait anew": (
        Store.note_mark,
        "if variable in self._marked and variable not in self._due:",
        "if True:",
    ),
    "one variable's wait is that of all": (
        Store._left,
        "return min(",
        "return max(",
    ),
    "the store forgets what the cloud does not have yet": (
        Store._picture,
        "if variable.marked:",
        "if False:",
    ),
    "the store writes over what it has": (_write, '"sideboard.new", "w"', '"sideboard.json", "w"'),
    "a page is not told what changed beside what it wrote": (
        Page.send_changes,
        "if one in changed]",
        "if one in changed and not texts]",
    ),
    "a callback that is busy is not called with what came meanwhile": (
        Registry.call,
        "variable.due = True  #",
        "variable.due = False  #",
    ),
}


@contextlib.contextmanager
def planted(name):
    """Within `with` the code has this fault. AssertionError when it is not what the fault knows any more."""
    function, right, wrong = FAULTS[name]
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(right) == 1, f"{function.__qualname__} does not have {right!r} once any more"
    # super() in it needs the cell of its class.
    wrapped = "def make(__class__):\n" + textwrap.indent(source.replace(right, wrong), " ")
    wrapped += f"\n return {function.__name__}"
    made = {}
    exec(compile(wrapped, "<planted>", "exec"), function.__globals__, made)
    healthy, function.__code__ = function.__code__, made["make"](None).__code__
    try:
        yield
    finally:
        function.__code__ = healthy
