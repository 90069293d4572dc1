"""SenML packs in CBOR (RFC 8428) by cbor2: the cloud's own reading, independent of the board's."""

import cbor2

_LABELS = {"bn": -2, "bt": -3, "n": 0, "v": 2, "vs": 3, "vb": 4, "t": 6, "vd": 8}
_BASE_TIME, _NAME, _NUMBER, _STRING, _BOOLEAN, _TIME, _DATA = -3, 0, 2, 3, 4, 6, 8
_VALUES = (_NUMBER, _STRING, _BOOLEAN, _DATA)


def decode(data):
    """Bytes of a pack -> list of (name, value), with labels of either kind; ValueError when malformed.

    A name is a str, or an int in a light payload.
    """
    try:
        pack = cbor2.loads(data)
    except (cbor2.CBORDecodeError, RecursionError) as error:
        raise ValueError(f"not CBOR ({error})") from None
    if not isinstance(pack, (list, tuple)):
        raise ValueError("not an array of records")
    return [_record(fields) for fields in pack]


def _record(fields):
    if not isinstance(fields, dict):
        raise ValueError("a record is not a map")
    fields = {_LABELS.get(label, label): value for label, value in fields.items()}
    values = [fields[label] for label in _VALUES if label in fields]
    if not isinstance(fields.get(_NAME), (str, int)) or len(values) != 1:
        raise ValueError("a record has not one name and one value")
    return fields[_NAME], values[0]


def encode(records, indefinite=False):
    """(name, value, time) records -> bytes of a pack, an array of definite or indefinite length.

    Times are Unix seconds, when the value changed, or None. The first is sent as the pack's base time,
    the others relative to it, all as 64-bit floats.
    """
    base = None
    maps = []
    for name, value, time in records:
        fields = {}
        if time is not None and base is None:
            fields[_BASE_TIME] = base = float(time)
        fields[_NAME] = name
        fields[_label(value)] = value
        if time is not None:
            fields[_TIME] = time - base
        maps.append(fields)
    if indefinite:
        return b"\x9f" + b"".join(cbor2.dumps(fields) for fields in maps) + b"\xff"
    return cbor2.dumps(maps)


def _label(value):
    return _BOOLEAN if isinstance(value, bool) else _STRING if isinstance(value, str) else _NUMBER


def decode_command(data):
    """Bytes of a command -> (its tag, list of its arguments); ValueError when malformed."""
    try:
        command = cbor2.loads(data)
    except (cbor2.CBORDecodeError, RecursionError) as error:
        raise ValueError(f"not CBOR ({error})") from None
    if not isinstance(command, cbor2.CBORTag) or not isinstance(command.value, (list, tuple)):
        raise ValueError("not a tagged array")
    return command.tag, list(command.value)
