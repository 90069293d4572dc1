"""What must hold, whatever happened: the promise of board and cloud, in a form that a person can check.

There are two places: the board (where the script, its callbacks and all pages write) and the Thing (where the
cloud's dashboard writes). Each write knows which others had reached its place before it: those it has *seen*.
A write that another one has seen is over. What may stand in the end is one that no other has seen.
"""

NAN = "NaN"  # equals itself
EPSILON = 0.05  # seconds of the simulation's own
STORED_AFTER = 2 + EPSILON  # the promise: seconds from a variable's last change to its being stored
TRIED_AGAIN_AFTER = 10 + STORED_AFTER  # seconds: a flash that was full
MARKS_AFTER = 4.5  # seconds until the store surely has that the cloud has a value
CLEARLY = 1.5  # seconds by which one of two changes is later, whole seconds or not


class Failure(Exception):
    """kind: a word; text: what happened."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class Write:
    """origin: "page", "script" or "cloud"; clock: the board's then, "right", "whole", "unset" or "off".

    outage: the one in which it was made, and in which neither place could hear of the other.
    again: whether it was taken up again by a board that has lost what it knew of the cloud.
    """

    def __init__(self, key, origin, place, time, seen, outage=None, clock=None, again=False):
        self.key, self.origin, self.place, self.time, self.seen = key, origin, place, time, seen
        self.outage, self.clock, self.again = outage, clock, again
        self.replaced = False  # in the Thing, by what the board sent
        self.lost = False  # by a power cut, and that is excused
        self.reached_thing = time if place == "thing" else None
        self.sent = False  # by the board
        self.taken = 0  # when the Thing took it from the board last
        self.known = self.reached_thing  # when the board knew that the cloud has it

    def __repr__(self):
        return f"{self.origin}'s {short(self.key)} ({self.time:.2f} s)"


def short(value):
    return repr(value)[:40]


def key_of(value):
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return NAN if value != value else value


class Model:
    """Follows one history. now(): virtual seconds; syncs: who wins after a reconnection, by variable;
    stamped: whether last values have times; prompt: whether they surely come before a board goes on without;
    fail(Failure): what is called when something does not hold.

    Whoever runs the history sets `outage` to a number while neither place can hear of the other, and `clock`.
    """

    def __init__(self, now, syncs, stamped, prompt, fail):
        self._now = now
        self._fail = lambda kind, text: fail(Failure(kind, text))
        self._syncs = syncs
        self._stamped = stamped
        self._prompt = prompt
        self._writable = dict.fromkeys(syncs, True)  # whether the cloud may change it
        self.outage = None
        self.clock = "right"
        self.full = []  # (from, to): when the flash took nothing
        self.writes = {name: [] for name in syncs}
        self.reached = {place: {name: set() for name in syncs} for place in ("board", "thing")}
        self.holds = {"board": {}, "thing": {}}
        self.been = {name: [] for name in syncs}  # what the board held, and what had reached it then
        self.changed = {}  # when a variable changed last on the board

    # What happens.

    def wrote(self, place, name, value, origin):
        reached = self.reached[place][name]
        write = Write(key_of(value), origin, place, self._now(), set(reached), self.outage, self.clock)
        self._holds(place, name, write)
        return write

    def arrived(self, place, name, value, write=None):
        """A value of the other place is taken; that of this write, where that is known."""
        write = write or self._write_of(place, name, key_of(value))
        if write is None:
            self._fail("nobody's", f"{place} takes {name} = {short(value)}, which nobody wrote")
            return
        if place == "thing":
            write.taken = self._now()
        self._holds(place, name, write)

    def sent(self, name):
        """The board sends the value that it holds: never one that it has from the cloud.

        But where the Thing took a value from the board after it that was over by then.
        """
        write = self.holds["board"][name]
        write.sent = True
        if not self._writable[name] or write.place == "board" and write.origin == "cloud":
            return write  # of a Thing that the board has left: the new one is told
        if write.origin != "cloud" or self._syncs[name] == "device" or name == "flag" or write.again:
            return write
        over = {seen.key for one in self.writes[name] for seen in one.seen}
        since = max(write.time, write.taken)
        if not any(one.key in over and one.taken > since for one in self.writes[name]):
            self._fail("sent back", f"{name}: {write} goes back to the cloud; {self._story(name)}")
        return write

    def acknowledged(self, name, value):
        """The board learns that the cloud has what it sent."""
        for write in self.writes[name]:
            if write.key == key_of(value) and write.known is None:
                write.known = self._now()

    def started(self, name, value, writable, cut, stored=None):
        """The board starts with this value, or None; `cut`: when it stopped, None at the first start.

        stored: what the flash has of it, one of `been` in a list or none, where that is known.
        """
        self._writable[name] = writable
        been = self.been[name] if stored is None else stored
        write, kept = next((one for one in reversed(been) if one[0].key == key_of(value)), (None, set()))
        changed = self.changed.get(name, 0)
        nan = name in self.holds["board"] and self.holds["board"][name].key == NAN
        excused = nan or self.was_full(changed, cut)
        for lost in self.reached["board"][name] - kept:
            if lost.place == "board" and lost.reached_thing is None:
                if writable and not excused and changed < cut - STORED_AFTER:
                    text = f"{name}: {lost} is lost by a reset at {cut:.2f} s, last change at {changed:.2f} s"
                    self._fail("stored late", text)
                lost.lost = True
        knew = write and write.known is not None and write.known < (cut or 0) - MARKS_AFTER
        if cut and write and (self.was_full(write.known or 0, cut) or not knew):
            write = self._anew(write)  # the board cannot know that the cloud had it
        self.reached["board"][name] = set(kept)
        self.holds["board"].pop(name, None)
        if write:
            self._holds("board", name, write)
        elif value is not None:
            self.wrote("board", name, value, "script").outage = None  # it says nothing about when

    def was_full(self, since, until):
        """Whether the flash took nothing meanwhile, or just before: what it did not take is tried again."""
        return any(start < until and since < end + TRIED_AGAIN_AFTER for start, end in self.full)

    def moved(self):
        """The board gets another Thing. What it holds is its own from now on, and news to the new Thing."""
        for name, writes in self.writes.items():
            for write in writes:
                # What only the old Thing had is gone with it, and what it had made of changes that crossed.
                write.lost = write.lost or write is not self.holds["board"].get(name)
                write.place = "board"
                write.reached_thing = write.known = write.outage = None
            self.reached["thing"][name] = set()
        self.holds["thing"] = {}

    def joined(self):
        """The board learns of the move: whatever the new Thing has is right, of what it may change.

        But a Thing that does not answer in time is taken for one without values: those do not answer at all.
        """
        for name, writes in self.writes.items():
            for write in writes:
                write.outage = None
                write.sent = True  # to the other Thing
                if write.place == "thing" and self._writable[name] and self._prompt:
                    write.seen |= {held for held in self.reached["board"][name] if held.place == "board"}

    def _anew(self, write):
        """A write that stands as if it were made again, after others."""
        return Write(write.key, write.origin, write.place, write.time, set(write.seen), None, "off", True)

    def _holds(self, place, name, write):
        if write not in self.writes[name]:
            self.writes[name].append(write)
        self.reached[place][name] |= write.seen
        self.reached[place][name].add(write)
        before = self.holds[place].get(name)
        self.holds[place][name] = write
        if place == "thing":
            write.lost = False
            if before and write.place == "board":
                before.replaced = True
            if write.reached_thing is None:
                write.reached_thing = self._now()
        else:
            self.been[name].append((write, set(self.reached[place][name])))
            self.changed[name] = self._now()

    def _write_of(self, place, name, key):
        """The write that a value stands for; of several, the first that has not been here."""
        found = None
        for write in self.writes[name]:
            if write.key == key:
                found = write
                if write not in self.reached[place][name]:
                    break
        return found

    # What must hold after quiet.

    def check(self, name, board, thing, pages):
        """The values that stand on the board, in the Thing and on each page."""
        keys = [key_of(value) for value in (board, thing, *pages)]
        if keys[0] is None and not self.writes[name]:
            return
        if keys[0] != keys[1]:
            self._fail("differ", f"{name}: board {short(board)}, cloud {short(thing)}; {self._story(name)}")
            return
        if any(key != keys[0] for key in keys[2:]):
            self._fail("page differs", f"{name}: board {short(board)}, pages {[*map(short, pages)]}")
        last = self._last(name)
        stands = [write for write in last if write.key == keys[0]]
        if last and not stands:
            self._fail("lost", f"{name}: {short(board)} stands, not {last}; {self._story(name)}")
            return
        for winner in last:
            if winner not in stands and all(self._beats(name, winner, write) for write in stands):
                self._fail("order", f"{name}: {stands} stands, not {winner}; {self._story(name)}")

    def _last(self, name):
        """The writes of which one may stand: no other has seen them, as far as the board can know."""
        counted = [write for write in self.writes[name] if not write.lost]
        over = {}  # write: those that have seen it
        for write in counted:
            for seen in () if write.again else write.seen:
                over.setdefault(seen, []).append(write)
        last = [
            write for write in counted if all(self._unknown(name, write, by) for by in over.get(write, ()))
        ]
        if self._syncs[name] == "cloud":  # at a reconnection it wins, whatever it is
            last += [write for write in counted if write.reached_thing is not None]
        elif self._syncs[name] == "device":
            last += [held for held, _ in self.been[name] if not held.lost]
        return last

    def _unknown(self, name, write, by):
        """Whether the board cannot know that a change of the cloud has seen a write.

        It never heard of that change, as the Thing took an older value of the board's over it. Or the write
        is its own: no acknowledgement had come when the change was made, and no clock tells which is later;
        nor where the change brings back a value that the cloud was known to have before.
        """
        if by.place != "thing":
            return False
        if by.replaced and by not in self.reached["board"][name]:
            return True
        clock = write.clock in ("right", "whole") and self._stamped and by.time > write.time + CLEARLY
        again = any(one.key == by.key and one.known is not None for one in write.seen)
        unknown = write.known is None or write.known > by.time
        return write.place == "board" and unknown and (again or not clock)

    def check_called(self, name, key):
        """The key of what on_write was called with last; for what the script wrote it is not called."""
        stands = self.holds["board"][name].key
        script = any(write.key == stands and write.origin == "script" for write in self.writes[name])
        if key != stands and not script:
            self._fail("callback", f"{name}: {short(stands)} stands, on_write was called with {short(key)}")

    def _beats(self, name, one, other):
        """Whether a write clearly wins over another that neither has seen."""
        if one.place == other.place or one in other.seen:
            return False
        sync = self._syncs[name]
        board = one if one.place == "board" else other
        if one.outage is None or one.outage != other.outage:
            # They crossed on their ways: the Thing's order counts, where a later one of the board's is later.
            lost = one.sent and one.reached_thing is None
            later = one.time > other.time + CLEARLY and one.clock != "off"
            return one is board and later and not lost and not sync
        if not self._prompt:
            return False
        if sync:
            return (one is board) == (sync == "device")
        if board.clock == "unset" or not self._stamped:
            return one is board
        return board.clock != "off" and one.time > other.time + CLEARLY

    def _story(self, name):
        return "writes: " + ", ".join(map(repr, self.writes[name]))
