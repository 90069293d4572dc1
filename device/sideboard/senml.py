"""SenML packs in CBOR (RFC 8428 and 8949), as boards and the Arduino Cloud exchange them."""

import struct

from micropython import const

from .compat import text_of

# The labels of a record's fields (RFC 8428, table 4). The base name is skipped like anything else: the cloud
# does not put it before the names.
_BASE_TIME, _NAME, _TIME = -3, 0, 6
_LABELS = {"bt": -3, "n": 0, "v": 2, "vs": 3, "vb": 4, "t": 6, "vd": 8}  # by what they are called in text
_VALUES = {bool: 4, int: 2, float: 2, str: 3, bytes: 8}  # those of the value, by its type

# CBOR's major types (RFC 8949, section 3.1), the high bits of an item's head.
_POSITIVE = const(0)
_NEGATIVE = const(1)
_BYTES = const(2)
_TEXT = const(3)
_ARRAY = const(4)
_MAP = const(5)
_TAG = const(6)
_SIMPLE = const(7)  # its low bits: 20 false, 21 true, 25 half, 26 single, 27 double, 31 break
_SIZES = b"\1\2\4\x08"  # bytes after a head whose low bits are 24 to 27

# Asked at run time: a cross-compiler would fold the constants with its own floats.
_SINGLE_FLOATS = float("16777217") == 16777216


def encode(records):
    """Returns (name, value) pairs as a pack: an array of definite length, floats as doubles."""
    records = tuple(records)
    out = bytearray()
    put(out, len(records))
    out[0] |= _ARRAY << 5  # an array begins like a positive number
    return out + put_records(records)


def put_records(records):
    """Returns (name, value) pairs as they stand in a pack."""
    out = bytearray()
    for name, value in records:
        out.extend(b"\xa2\0")
        put(out, name)
        out.append(_VALUES.get(type(value)))  # TypeError for a type that has none
        put(out, value)
    return out


def put(out, value):
    """Appends a value in CBOR to a bytearray."""
    if isinstance(value, float):
        out.extend(struct.pack(">Bd", 0xFB, value))
        return
    string = b""
    if value is True or value is False:
        major = _SIMPLE
        count = 20 + value
    elif isinstance(value, int):
        major = _NEGATIVE if value < 0 else _POSITIVE
        count = ~value if value < 0 else value
    else:
        string = value.encode() if isinstance(value, str) else value
        major = _BYTES if string is value else _TEXT
        count = len(string)
    if count < 24:
        out.append(major << 5 | count)
    else:
        power = 0  # the count takes 1, 2, 4 or 8 bytes
        while count >> (8 << power):
            power += 1
        if power > 3:
            raise ValueError("more than 64 bits")
        out.append(major << 5 | 24 + power)
        out.extend(count.to_bytes(1 << power, "big"))
    out.extend(string)


def decode(data):
    """Returns a pack's records as [(name, value, time)], time in Unix seconds or None.

    Records without a name or a value are left out. Raises ValueError if the pack is malformed.
    """
    return list(records_of(data))


def records_of(data):
    """Yields what decode() returns, record by record: a large pack takes long."""
    try:
        yield from _Reader(data).records()
    except (IndexError, UnicodeError):
        raise ValueError("not a SenML pack") from None


class _Reader:
    """Reads CBOR items one after another. Raises IndexError where they end too early, or are not a pack's."""

    def __init__(self, data):
        self.data = memoryview(data)
        self.at = 0

    def records(self):
        """Reads a whole pack."""
        base = None
        self.item(_ARRAY)
        left = self.count
        while self.more(left):
            left -= 1
            name = value = time = None
            self.item(_MAP)
            fields = self.count
            while self.more(fields):
                fields -= 1
                label = self.data[self.at]
                if label < 24:  # a small number is its own head
                    self.at += 1
                else:
                    label = self.item()
                    if self.major > _TEXT:
                        raise IndexError
                    label = _LABELS.get(label, label)
                field = self.item()
                kind = type(field)
                if label == _VALUES.get(kind):
                    value = field
                elif label == _NAME and kind in (int, float, str):
                    name = field
                elif label == _TIME and kind in (int, float):
                    time = self.seconds(field)
                elif label == _BASE_TIME and kind in (int, float):
                    base = self.seconds(field)
                elif label in _LABELS.values():
                    raise IndexError
                else:
                    self.skip(8)
            if base is not None:
                time = base + (time or 0)
            if name is not None and value is not None:
                yield name, value, time
        if self.data[self.at :]:
            raise IndexError

    def more(self, left):
        """Whether something is `left`; where that is negative, until a break, which it steps over."""
        if left < 0 and self.data[self.at] == 0xFF:
            self.at += 1
            left = 0
        return left

    def skip(self, depth):
        """Steps over what the item just read holds, so many levels deep at most: stacks are small."""
        if self.major in (_ARRAY, _MAP):
            if not depth:
                raise IndexError
            left = self.count * 2 if self.major == _MAP else self.count
            while self.more(left):
                left -= 1
                self.item()
                self.skip(depth - 1)

    def item(self, wanted=None):
        """Reads one item, past tags; of an array or a map only the head, which gives None, as null does.

        Sets `major` and `count`: -1 if indefinite, of simple values the low bits. wanted: the major type that
        it must have.
        """
        major = _TAG
        while major == _TAG:
            first = self.data[self.at]
            self.at += 1
            major = first >> 5
            count = first & 31
            if count == 31 and _NEGATIVE < major < _TAG:
                count = -1
            elif count > 23:
                raw = self.take(_SIZES[count - 24])
                if major != _SIMPLE:
                    count = int.from_bytes(raw, "big")
        self.major = major
        self.count = count
        if wanted and major != wanted:
            raise IndexError
        if major == _POSITIVE:
            return count
        if major == _NEGATIVE:
            return ~count
        if major in (_BYTES, _TEXT):
            if count < 0 and not wanted:
                string = b"" if major == _BYTES else ""
                while self.more(-1):
                    string += self.item(major)
                return string
            string = self.take(count)
            return bytes(string) if major == _BYTES else text_of(string)
        if major == _SIMPLE:
            if count == 20 or count == 21:
                return count == 21
            if count == 25:
                return _half(raw[0] << 8 | raw[1])
            if count > 25:
                return struct.unpack(">f" if count == 26 else ">d", raw)[0]

    def take(self, size):
        start = self.at
        self.at += size
        if not start <= self.at <= len(self.data):
            raise IndexError
        return self.data[start : self.at]

    def seconds(self, number):
        """The time just read. Single floats cannot hold today's: with them, whole seconds."""
        if _SINGLE_FLOATS and self.major == _SIMPLE and self.count == 27:
            number = _whole(int.from_bytes(self.data[self.at - 8 : self.at], "big"))
        if not abs(number) < 1e12:
            raise IndexError
        return int(number) if _SINGLE_FLOATS else number


def _whole(bits):
    """The whole part of a double from its bits: 1.FRACTION * 2 ** (exponent - 1023), FRACTION being 52 bits.

    ValueError beyond 2 ** 53.
    """
    exponent = bits >> 52 & 2047
    digits = bits & (1 << 52) - 1 | 1 << 52
    number = digits >> 1075 - exponent
    return -number if bits >> 63 else number


def _half(bits):
    """A half float from its bits: not every port's struct knows the format."""
    exponent = bits >> 10 & 31
    fraction = bits & 1023
    if exponent == 31:
        number = float("nan" if fraction else "inf")
    else:
        number = (fraction + 1024 << exponent - 1 if exponent else fraction) / (1 << 24)
    return -number if bits >> 15 else number
