"""Who wins, board or cloud, where a variable has two values. Without I/O, and with no clock of its own.

It is told what happens, and says which of the cloud's values are to be taken. Its ideas:
- A three-way merge. `variable.known` is what the cloud holds as far as the board knows, as digests: the value
  taken from it last, and what was pushed since. A last value among these is no change of the cloud's: the
  board's wins if it changed. Where both changed the later one wins, or the board's if a time is not known;
  but if the board's was pushed already, the cloud's came after it, or crossed it. None stands in `known`
  where the board wrote last: its digest comes after that if it was pushed.
- An acknowledgement says that the broker has a value, not that the Thing took it. So an answer of the Thing
  may be older than what was pushed in the LAG_MS before the question, or came since. Of such a variable it
  only tells something if it has the value that was pushed last.
- Where changes of both sides cross, only the Thing knows which it took last. It is asked when they calmed
  down, and again when LAG_MS are over. The cloud's own changes are ordered by its own times, whatever the
  board's clock says.
- A change of the cloud may win over one of the board's while older ones of the board's are under way. Should
  one of these surface in the Thing, it is over: the Thing gets again what won.
- An answer may be late, and come when the next question, or the next connection, waits for its own. It is
  taken for that to the first question that may still be answered: it only counts as older than it is.
"""

from binascii import crc32

from .clock import now
from .senml import put_records

LAG_MS = 10000  # what the broker acknowledged so long ago the Thing has taken
_CALM_MS = 1000
_RETRY_MS = 15000  # an answer that did not come by then is asked for again,
_QUESTIONS = 10  # so often at most, as Arduino's own connector for Linux boards does
_UNSURE = 2  # unanswered questions, after which a Thing that is not known to have values has none
_KNOWN = 24  # digests at most: what is pushed in LAG_MS, and what the cloud had before


def digest(variable, value=None):
    """A number that tells a variable's values apart, from the CBOR that carries its own or another.

    It has 30 bits: an int of so many takes no memory beside its place.
    """
    return crc32(put_records(variable.records(value))) & 0x3FFFFFFF


def _digests(variable, value):
    """Those of a value and of the board's, which is None where it has none."""
    return digest(variable, value), digest(variable) if variable.initialized else None


class Agreement:
    """What the board knows of the Thing's values. `ms` are those from the start until now: ticks wrap.

    sync: who wins after a connection, "cloud" or "device", for variables that do not say so themselves;
    merging: until the first answer to a connection; tries: how many questions went since the last answer.
    """

    merging = True
    tries = 0
    _waits = False  # for the answer to a question
    _began = 0  # ms of the connection
    _active = 0  # when it began, or a change went or came last
    _calm = False  # whether that is so long ago that nothing late may come
    _crossed = None  # when changes of both sides crossed last, until the Thing is asked
    _doubted = None  # when something happened of which a question tells more once LAG_MS are over

    def __init__(self, sync=None):
        self.sync = sync
        self._pushed = {}  # variable: (digest, ms) of its last push; no ms: not acknowledged
        self._lost = set()  # variables whose last push was not acknowledged, and may not have arrived
        self._heard = {}  # variable: ms of the cloud's last change of it
        self._stamps = {}  # variable: the cloud's own time of the value that came last
        self._over = {}  # variable: digests that were pushed and are over, though the Thing may yet take one
        self._asked = [0]  # when the questions went: the one that was answered, and those after it

    def connected(self, ms):
        """A connection begins."""
        self.merging = True
        self.tries = 0
        self._began = self._active = ms
        self._asked = [ms] + (self._asked[-1:] if self._waits else [])
        self._crossed = None
        self._doubted = ms  # a run before this one may have pushed just now, or an answer to it come
        for variable, (mark, acknowledged) in self._pushed.items():
            if acknowledged is None:  # it may have reached the broker until now, or never
                self._pushed[variable] = mark, ms
                self._lost.add(variable)

    def wrote(self, variable, ms):
        """The board changed it."""
        pushed = self._under_way(variable, ms)
        if pushed is not None:
            self._over[variable] = _without(_with(self._over.get(variable, ()), pushed), digest(variable))
        else:
            self._over.pop(variable, None)
            if not variable.marked and self._doubted is None:
                variable.knows = variable.known[-1:]
        if variable.known:
            variable.knows = _with(variable.known, None)
        variable.marked = True

    def pushed(self, variable, mark, ms=None):
        """A value of this digest goes to the broker, or was acknowledged at `ms`."""
        self._active = ms or 1e15  # later than any
        if variable.on_write:  # else nobody in the cloud writes it
            self._pushed[variable] = mark, ms
            self._lost.discard(variable)
        variable.knows = _with(variable.known, mark)

    def takes_change(self, variable, value, time, ms):
        """Whether to take a value that the cloud has now. time: that of the change, Unix seconds or None."""
        if time:
            if time < self._stamps.get(variable, 0):
                return False  # it is late: what the cloud had after it came before
            self._stamps[variable] = time
        mark, ours = _digests(variable, value)
        pushed = self._under_way(variable, ms)
        crossed = pushed not in (None, mark)
        # Whether the board's is newer than all that is under way, though it may be the same again:
        again = mark != ours and variable.known[-1:] == (None,)
        newer = variable.marked and (again or ours not in (mark, pushed))
        stays = newer and (crossed or not self._wins(variable, mark, ours, time))
        if stays and self.merging:
            return False  # the answer that is to come may have its time
        if crossed:
            self._crossed = self._doubted = ms
        self._heard[variable] = self._active = ms
        if pushed is None:
            variable.knows = ()
            self._over.pop(variable, None)
        variable.knows = _with(variable.known, mark)
        if stays:
            variable.knows = _with(variable.known, None)
            return False
        if variable in self._over:
            self._over[variable] = _without(self._over[variable], mark)
        variable.marked = variable.marked and crossed and mark == ours
        return True

    def takes_last(self, variable, value, time, ms):
        """Whether to take one of the last values; if not, and it is to be pushed, the variable is marked."""
        mark, ours = _digests(variable, value)
        asked = self._asked[0]
        if variable in self._heard and asked <= self._heard[variable]:
            self._doubted = ms
            return False  # older than what came since
        if time and not self._calm:
            self._stamps[variable] = time
        pushed = self._under_way(variable, asked)
        sure = pushed in (None, mark) and asked >= self._began
        if not sure:
            self._doubted = ms
        news = mark not in variable.known
        _, acknowledged = self._pushed.get(variable, (None, asked))
        crossed = acknowledged is None or acknowledged > asked
        tells = sure or not (variable.marked and crossed)  # else it is from before what was pushed
        takes = tells and self._wins(variable, mark, ours, time) if variable.marked else sure
        over = self._over.get(variable, ())
        if sure:
            self._over.pop(variable, None)
            variable.knows = mark
        elif news and tells:
            variable.knows = (mark,) + variable.known  # it may be older
        if not variable.initialized or not variable.on_write and not variable.own:
            variable.marked = False  # what it may have is only an older one of the cloud's
            return True
        if mark == ours:
            # Of what only the board writes it is not remembered what is under way.
            variable.marked = variable.marked and not (sure and variable.on_write)
            if not variable.marked and variable.time:
                variable.time = int(variable.time)  # which takes no memory; it is of no account any more
            return False
        sync = self.merging and (variable.sync or self.sync)
        if sync == "device" or not variable.on_write:
            variable.marked = True
            return False
        if mark in over and sure and not variable.marked and ours != self._pushed[variable][0]:
            # The Thing took it last: it is to have ours again, which is over when another takes its place.
            self._over[variable] = _with(over, ours)
            self._doubted = ms
            variable.marked = True
            return False
        if takes or sync == "cloud" and (sure or variable.marked and news):
            variable.marked = False
            variable.knows = _with(variable.known, mark)
            return True

    def question(self, ms):
        """In how many ms the last values are to be asked for; None when there is nothing to ask."""
        since, wait = self._doubted, LAG_MS
        if self._waits:
            since, wait = self._asked[-1], _RETRY_MS
        elif self._crossed is not None:
            since, wait = self._crossed, _CALM_MS
        if self.tries < _QUESTIONS and since is not None:
            return max(0, since + wait - ms)

    def asks(self, ms):
        """The last values are being asked for."""
        self._waits = True
        self._asked = self._asked[-_QUESTIONS:] + [ms]
        self.tries += 1
        self._crossed = None
        if self._doubted is not None and ms - self._doubted >= LAG_MS:
            self._doubted = None

    def is_patient(self, has_values):
        """Whether the first answer may still come. A Thing does not answer until it has values."""
        return self.merging and self.tries < (_QUESTIONS if has_values else _UNSURE)

    def answers(self, ms):
        """The last values come; tells whether those that this connection asked for. Else it asks again."""
        self._waits = False
        self.tries = 0
        asked = self._asked
        if asked[1:]:
            del asked[0]
        while asked[1:] and ms - asked[0] > 2 * _RETRY_MS:
            del asked[0]
        self._calm = not self._over and asked[0] - self._active >= LAG_MS
        if self._calm:  # of no account to this answer, and to those after it
            self._pushed, self._heard, self._stamps = {}, {}, {}
        if asked[0] >= self._began:
            return True
        self._crossed = ms

    def _under_way(self, variable, ms):
        """The digest of what was pushed last, if the Thing may not have taken that by then; else None."""
        if variable in self._pushed:
            mark, acknowledged = self._pushed[variable]
            if acknowledged is None or ms - acknowledged < LAG_MS:
                return mark

    def _wins(self, variable, mark, ours, time):
        """Whether a value of the cloud is a change, and wins over one of the board's."""
        if mark in variable.known:
            return False
        if variable.known[-1:] == (ours,) and not (variable in self._lost and _is_later(variable.time, time)):
            return True  # it came after what was pushed, or crossed it
        return _is_later(time, variable.time)


def _with(marks, mark):
    """Digests, the newest last, and now this one."""
    return tuple(_without(marks, mark)[1 - _KNOWN :]) + (mark,)


def _without(marks, mark):
    return [one for one in marks if one != mark]


def _is_later(time, own):
    """Whether a time of the cloud or the board is later than one of the other.

    Not where one is unknown, or the clock is not set. Whole seconds do not tell what was earlier within one.
    """
    return time and own and now() and (time if isinstance(own, float) else int(time)) > own
