"""SenML packs: what is taken is sound, and is the same when it is encoded and taken again."""

from sideboard.senml import decode, encode
from wire import MICROPYTHON, check_value

SEEDS = (
    bytes.fromhex("81a200636c656404f5"),
    bytes.fromhex("81a200617402fb4035800000000000"),
    bytes.fromhex("84a200696c696768743a73776904f5a200696c696768743a68756502fb405e000000000000")
    + bytes.fromhex(
        "a200696c696768743a73617402fb4059000000000000a200696c696768743a62726902fb4049400000000000"
    ),
    bytes.fromhex("9fbf2200006474657374061a65000000020103636162638ff6ff0bff"),
    b"\x81\xa3\0\x64test\x02\xf9\x3c\x00\x06\xfa\x4e\x80\x00\x00",
    b"\x82\xa2\x22\x1a\x65\x00\x00\x00\x61n\x61a\xa3\x61n\x61b\x61v\x3b\x7f\xff\xff\xff\xff\xff\xff\xff\x61t\x05",
    b"\x9f\xbf\0\x7f\x61a\x61b\xff\x03\x7f\x62ab\x61c\xff\xff\xff",
    b"\xda\0\1\7\0\x81\xa3\0\x61a\x08\x43abc\x18\x63\x9f\x81\x82\xa1\x01\x02\x03\xff",
    b"\x81\xa3\x00\x61a\x02\xc1\xc2\x18\x2a\x06\xfb\x41\xd9\x5c\xef\x00\x00\x00\x00",
)


def check(data):
    try:
        records = decode(data)
    except ValueError:
        return
    for name, value, time in records:
        check_value(name)
        if type(value) is not bytes and type(value) is not int:
            check_value(value)
        assert time is None or abs(time) < 1e13, "no time: %r" % time
    named = [(name, value) for name, value, _ in records if type(name) is str]
    again = [(name, value) for name, value, _ in decode(encode(named))]
    assert repr(again) == repr(named), "%r is %r" % (again, named)
    if not MICROPYTHON:
        _check_by_cbor2(data, records)


def _check_by_cbor2(data, records):
    import cbor2

    try:
        pack = cbor2.loads(data)
    except Exception:
        return  # it is stricter, as with simple values that nobody has given a meaning
    while isinstance(pack, cbor2.CBORTag):
        pack = pack.value
    assert isinstance(pack, (list, tuple)) and len(pack) >= len(records), "%r of %r" % (records, pack)
