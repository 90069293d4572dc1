"""SenML packs in CBOR (RFC 8428 and 8949), as boards and the Arduino Cloud exchange them."""

import struct

# Labels of a record's fields: -3 base time, 0 name, 2 number, 3 text, 4 boolean, 6 time, 8 bytes.
# The base name is skipped like anything else: the cloud does not put it before the names.
_TEXT_LABELS = {"bt": -3, "n": 0, "v": 2, "vs": 3, "vb": 4, "t": 6, "vd": 8}
_VALUE_LABELS = {bool: 4, int: 2, float: 2, str: 3, bytes: 8}
# What each may hold, bit by bit: 1 << 3 for what is text as a value, and so on.
_FIELDS = {-3: 4, 0: 12, 2: 4, 3: 8, 4: 16, 6: 4, 8: 256}

# CBOR's kinds: 0 positive and 1 negative integers, 2 bytes, 3 text, 4 array, 5 map, 6 tag, 7 the others,
# of which the low bits of the head say: 20 false, 21 true, 25 half, 26 single, 27 double, 31 break.

# Asked at run time: a cross-compiler would fold the constants with its own floats.
_SINGLE_FLOATS = float("16777217") == 16777216


def encode(records):
    """Returns (name, value) pairs as a pack: an array of definite length, floats as doubles."""
    records = tuple(records)
    out = bytearray()
    _put_head(out, 4, len(records))
    for name, value in records:
        label = _VALUE_LABELS.get(type(value))
        if not label:
            raise TypeError("a pack cannot hold a " + type(value).__name__)
        out.extend(b"\xa2\0")
        _put(out, name)
        out.append(label)
        _put(out, value)
    return bytes(out)


def _put_head(out, kind, count):
    if count < 24:
        out.append(kind << 5 | count)
        return
    power = 0  # the count takes 1, 2, 4 or 8 bytes
    while count >> (8 << power):
        power += 1
    if power > 3:
        raise ValueError("an integer has more than 64 bits")
    out.append(kind << 5 | 24 + power)
    out.extend(count.to_bytes(1 << power, "big"))


def _put(out, value):
    if value is True or value is False:
        out.append(0xF4 + value)
    elif isinstance(value, float):
        out.append(0xFB)
        out.extend(struct.pack(">d", value))
    elif isinstance(value, int):
        _put_head(out, value < 0, -1 - value if value < 0 else value)
    else:
        string = value.encode() if isinstance(value, str) else value
        _put_head(out, 2 if string is value else 3, len(string))
        out.extend(string)


def decode(data):
    """Returns a pack's records as [(name, value, time)], time in Unix seconds or None.

    Records without a name or a value are left out. Raises ValueError if the pack is malformed.
    """
    reader = _Reader(bytes(data))
    try:
        records = reader.records()
        if reader.at == len(data):
            return records
    except IndexError:
        pass
    raise ValueError("not a SenML pack")


class _Reader:
    """Reads CBOR items one after another. Raises IndexError where they end too early, or are not a pack's."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def records(self):
        """Reads a whole pack."""
        records = []
        base = None
        left = self.enter(4)
        while left > 0 or left < 0 and not self.ended():
            left -= 1
            name = value = time = None
            fields = self.enter(5)
            while fields > 0 or fields < 0 and not self.ended():
                fields -= 1
                label = self.data[self.at]
                if label < 24:  # a small number is its own head
                    self.at += 1
                else:
                    label = self.item()
                    if type(label) is str:
                        label = _TEXT_LABELS.get(label, 1)
                    elif type(label) is not int:
                        raise IndexError
                types = _FIELDS.get(label)
                if not types:
                    self.skip()
                    continue
                field = self.item()
                if not types >> _VALUE_LABELS.get(type(field), 0) & 1:
                    raise IndexError
                if label == 0:
                    name = field
                elif label == 6:
                    time = self.seconds(field)
                elif label == -3:
                    base = self.seconds(field)
                else:
                    value = field
            if base is not None:
                time = base + (time or 0)
            if name is not None and value is not None:
                records.append((name, value, time))
        return records

    def enter(self, kind):
        """Goes into an array or a map; returns its length, negative if it lasts until a break."""
        count = self.head()
        if self.kind != kind:
            raise IndexError
        return count

    def ended(self):
        """Steps over a break, if that is next."""
        ended = self.data[self.at] == 0xFF
        self.at += ended
        return ended

    def seconds(self, number):
        """The time just read. Single floats cannot hold today's: with them, whole seconds."""
        if _SINGLE_FLOATS and self.kind == 7 and self.count == 27:
            bits = int.from_bytes(self.data[self.at - 8 : self.at], "big")
            shift = 1075 - (bits >> 52 & 2047)
            number = 1e12  # beyond 2^53 seconds
            if shift >= 0:
                number = (bits & (1 << 52) - 1 | 1 << 52) >> shift
                if bits >> 63:
                    number = -number
        if not -1e12 < number < 1e12:
            raise IndexError
        return int(number) if _SINGLE_FLOATS else number

    def skip(self):
        """Steps over an item with all it holds; not by recursion, for stacks are small."""
        left = [1]  # items still to come on each level; negative: until a break
        while left:
            if left[-1] == 0 or left[-1] < 0 and self.ended():
                left.pop()
                continue
            left[-1] -= 1
            self.item()
            if self.kind == 4 or self.kind == 5:
                left.append(self.count * (self.kind - 3))
                if len(left) > 8:
                    raise IndexError

    def item(self):
        """Reads one item; of an array or a map only the head, which gives None, as unknown ones do."""
        count = self.head()
        kind = self.kind
        if kind == 0:
            return count
        if kind == 1:
            return -1 - count
        if kind < 4:
            string = self.take(count) if count >= 0 else self.chunks()
            return string if kind == 2 else string.decode()
        if kind == 7:
            if count > 23:
                if count > 27:
                    raise IndexError
                at = self.step(1 << count - 24)
                if count == 25:
                    return _half(self.data[at] << 8 | self.data[at + 1])
                if count > 25:
                    return struct.unpack_from(">f" if count == 26 else ">d", self.data, at)[0]
            elif count == 20 or count == 21:
                return count == 21

    def head(self):
        """Reads a head, past tags, to `kind` and `count`: -1 if indefinite, of kind 7 the low bits."""
        kind = 6
        while kind == 6:
            first = self.data[self.at]
            self.at += 1
            kind = first >> 5
            count = first & 31
            if count > 23 and kind != 7:
                if count < 28:
                    count = int.from_bytes(self.take(1 << count - 24), "big")
                elif count == 31 and 1 < kind < 6:
                    count = -1
                else:
                    raise IndexError
        self.kind = kind
        self.count = count
        return count

    def step(self, size):
        """Steps over some bytes and returns where they start."""
        start = self.at
        self.at = start + size
        if self.at > len(self.data):
            raise IndexError
        return start

    def take(self, size):
        start = self.step(size)
        return self.data[start : self.at]

    def chunks(self):
        """Joins the parts of a string of indefinite length."""
        kind = self.kind
        parts = []
        while not self.ended():
            count = self.head()
            if self.kind != kind or count < 0:
                raise IndexError
            parts.append(self.take(count))
        return b"".join(parts)


def _half(bits):
    """A half float from its bits: not every port's struct knows the format."""
    exponent = bits >> 10 & 31
    fraction = bits & 1023
    if exponent == 31:
        number = float("nan" if fraction else "inf")
    else:
        number = (fraction + 1024 << exponent - 1 if exponent else fraction) / (1 << 24)
    return -number if bits >> 15 else number
