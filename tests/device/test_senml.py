"""SenML packs, on CPython and on MicroPython."""

from sideboard import senml
from sideboard.senml import decode, encode

NAME = b"\xa2\x00\x64test"  # the start of a record of two fields, whose name is read


def value_of(item):
    """The value of a record whose number is `item` in CBOR."""
    return decode(b"\x81" + NAME + b"\x02" + bytes.fromhex(item))[0][1]


def refuses(data):
    try:
        decode(data)
    except ValueError:
        return True
    return False


# What the official client sends, byte for byte.
def test_encodes_a_boolean_like_the_official_client():
    assert encode([("led", True)]) == bytes.fromhex("81a200636c656404f5")


def test_encodes_a_float_like_the_official_client():
    assert encode([("t", 21.5)]) == bytes.fromhex("81a200617402fb4035800000000000")


def test_encodes_a_coloured_light_like_the_official_client():
    light = [("light:swi", True), ("light:hue", 120.0), ("light:sat", 100.0), ("light:bri", 50.5)]
    assert encode(light) == bytes.fromhex(
        "84a200696c696768743a73776904f5a200696c696768743a68756502fb405e000000000000"
        "a200696c696768743a73617402fb4059000000000000a200696c696768743a62726902fb4049400000000000"
    )


def test_encodes_the_request_for_the_last_values():
    pack = bytes.fromhex("81a20063723a6d036d6765744c61737456616c756573")
    assert encode([("r:m", "getLastValues")]) == pack


def test_encodes_each_size_of_integer():
    for value, item in (
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65536, "1a00010000"),
        (2**32 - 1, "1affffffff"),
        (2**32, "1b0000000100000000"),
        (2**64 - 1, "1bffffffffffffffff"),
        (-1, "20"),
        (-24, "37"),
        (-25, "3818"),
        (-(2**64), "3bffffffffffffffff"),
    ):
        assert encode([("test", value)]) == b"\x81" + NAME + b"\x02" + bytes.fromhex(item), value
        assert value_of(item) == value, value


def test_does_not_encode_what_a_pack_cannot_hold():
    for value, error in ((2**64, ValueError), (-(2**64) - 1, ValueError), (None, TypeError), ([], TypeError)):
        try:
            encode([("test", value)])
        except error:
            continue
        raise AssertionError(value)


def test_reads_back_what_it_wrote():
    records = [("flag", False), ("größe", "π ≈ 3"), ("raw", b"\x00\xff"), (257, 7), ("long", "x" * 70000)]
    records += [("n%d" % number, number / 8) for number in range(300)]
    assert decode(encode(records)) == [(name, value, None) for name, value in records]
    assert decode(encode(iter(records))) == decode(encode(records))
    assert decode(encode([])) == []


def test_takes_any_buffer():
    pack = encode([("test", 7)])
    assert decode(bytearray(pack)) == decode(memoryview(pack)) == [("test", 7, None)]


def test_decodes_half_floats():
    for item, value in (
        ("f90000", 0.0),
        ("f90001", 2.0**-24),
        ("f903ff", 1023 * 2.0**-24),
        ("f90400", 2.0**-14),
        ("f93555", 1365 / 4096),
        ("f93c00", 1.0),
        ("f94d00", 20.0),
        ("f9c400", -4.0),
        ("f97bff", 65504.0),
        ("f97c00", float("inf")),
        ("f9fc00", -float("inf")),
    ):
        assert type(value_of(item)) is float and value_of(item) == value, item
    assert str(value_of("f98000")) == "-0.0"
    assert value_of("f97e00") != value_of("f97e00")  # not a number


def test_decodes_single_and_double_floats():
    assert value_of("fa40490fd0") == 3.141590118408203
    assert value_of("fbc010666666666666") == -4.1


def test_decodes_arrays_maps_and_strings_of_indefinite_length():
    assert decode(b"\x9f\xbf\x00\x7f\x62te\x62st\xff\x04\xf5\xff\xff") == [("test", True, None)]
    assert decode(b"\x81\xa2\x00\x61b\x08\x5f\x41\x01\x40\x41\x02\xff") == [("b", b"\x01\x02", None)]
    assert decode(b"\x9f\xff") == []


def test_accepts_text_labels():
    pack = b"\x81\xa3\x62bt\x1a\x6a\x00\x00\x00\x61n\x64test\x62vb\xf5"
    assert decode(pack) == [("test", True, 0x6A000000)]


def test_skips_tags():
    pack = b"\xda\x00\x01\x07\x00\x81\xc1\xa2\xc2\x00\xd8\x20\x61a\x02\xc1\xc1\x07"
    assert decode(pack) == [("a", 7, None)]
    assert decode(b"\xc0" * 5000 + b"\x80") == []


def test_skips_unknown_fields_whatever_they_hold():
    for item in (
        "f6",
        "f7",
        "f820",
        "fb4035800000000000",
        "8301820203a101f6",
        "9f01bf6161820102ff5f4101ffff",
        "c181a0",
        "818181818180",
    ):
        for label in ("01", "07", "20", "6178", "1903e8"):
            pack = bytes.fromhex("81a3" + label + item + "0061610207")
            assert decode(pack) == [("a", 7, None)], (label, item)


def test_ignores_the_base_name():
    assert decode(b"\x81\xa3\x21\x61x\x00\x64test\x02\x01") == [("test", 1, None)]


def test_leaves_out_records_without_name_or_value():
    assert decode(b"\x83\xa1\x22\x01\xa1\x02\x01\xa1\x00\x61a") == []


def test_adds_base_time_and_time():
    # The base time is that of all records that follow, the time only of its own.
    pack = bytes.fromhex("83a200616102 01a4221a680000000605006162 0202a20061630203".replace(" ", ""))
    assert decode(pack) == [("a", 1, None), ("b", 2, 0x68000005), ("c", 3, 0x68000000)]
    assert decode(b"\x81\xa3\x00\x61a\x02\x01\x06\x38\x63") == [("a", 1, -100)]


def test_keeps_fractions_of_a_second():
    pack = "81a52169626173652d6e616d6522fb408472916872b02106fb405edd2f1a9fbe770064746573740201"
    ((_, _, time),) = decode(bytes.fromhex(pack))
    assert time == 777 if senml._SINGLE_FLOATS else abs(time - 777.777) < 1e-6


def test_times_are_exact_to_the_second_where_floats_are_single():
    double_1700000001_75 = b"\xfb\x41\xd9\x54\xfc\x40\x70\x00\x00"
    pack = b"\x82\xa3\x22" + double_1700000001_75 + b"\x00\x61a\x02\x01\xa3\x06\xf9\x4d\x00\x00\x61b\x02\x01"
    here = senml._SINGLE_FLOATS
    assert here or [time for _, _, time in decode(pack)] == [1700000001.75, 1700000021.75]
    senml._SINGLE_FLOATS = True
    try:
        times = [time for _, _, time in decode(pack)]
        assert times == [1700000001, 1700000021] and all(type(time) is int for time in times)
        for double, seconds in (
            (b"\x00\x00\x00\x00\x00\x00\x00\x00", 0),
            (b"\x3f\xef\xff\xff\xff\xff\xff\xff", 0),
            (b"\xc0\x45\x00\x00\x00\x00\x00\x00", -42),
            (b"\x41\xef\xff\xff\xff\xe0\x00\x00", 2**32 - 1),
        ):
            assert decode(b"\x81\xa3\x22\xfb" + double + b"\x00\x61a\x02\x01")[0][2] == seconds, double
        assert refuses(b"\x81\xa3\x22\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00\x00\x61a\x02\x01")
    finally:
        senml._SINGLE_FLOATS = here


def test_refuses_times_that_are_none():
    infinite = ("f97c00", "f97e00", "fb7ff0000000000000", "fb7e37e43c8800759c", "1bffffffffffffffff")
    for item in infinite + ("f5", "f6", "6131"):
        assert refuses(bytes.fromhex("81a322" + item + "0061610201")), item
        assert refuses(bytes.fromhex("81a306" + item + "0061610201")), item


def test_refuses_every_truncated_pack():
    for pack in (
        encode([("light:swi", True), ("light:hue", 120.0), ("big", 2**40), ("text", "x" * 300)]),
        b"\x9f\xbf\x00\x7f\x62te\x62st\xff\x02\xf9\x4d\x00\x01\x9f\xa1\x01\xfa\x00\x00\x00\x00\xff\xff\xff",
    ):
        assert not refuses(pack)
        for end in range(len(pack)):
            assert refuses(pack[:end]), end


def test_refuses_wrong_types():
    for pack in (
        "00",  # no array
        "a0",
        "8100",  # no map
        "8180",
        "81a2f6610061610201",  # labels of other types
        "81a280f60061610201",
        "81a2f46161f5",
        "81a200f40201",  # names of other types
        "81a200410102f5",
        "81a200616102f5",  # values of other types
        "81a20061610261",
        "81a2006161026131",
        "81a20061610301",
        "81a2006161034131",
        "81a20061610401",
        "81a2006161086131",
        "81a200616102f6",
        "81a2006161028101",
    ):
        assert refuses(bytes.fromhex(pack)), pack


def test_refuses_what_is_not_cbor():
    for pack in (
        "",
        "8000",  # something follows
        "ff",
        "81ff",
        "9fa0",
        "8100ff",
        "81bf00ff",  # a label without its value
        "81a10061ff",  # not UTF-8
        "81a1007f61ffff",
        "81a1005f6161ff",  # a string with parts of another type
        "81a1007f7f6161ffff",
        "81a1001c",  # reserved sizes
        "81a1003f",
        "81a100df00",
        "81a101fc",
    ):
        assert refuses(bytes.fromhex(pack)), pack


def test_refuses_absurd_lengths_at_once():
    for head in ("9b", "81bb", "81a1007b", "81a1005b", "81a1019b", "81a101bb", "81a1017b"):
        assert refuses(bytes.fromhex(head + "ffffffffffffffff")), head
        assert refuses(bytes.fromhex(head + "ffffffffffffffff" + "00" * 2000)), head


def test_refuses_deep_nesting():
    for opening in (b"\x81", b"\xa1\x01", b"\x9f", b"\xbf\x01"):
        assert refuses(b"\x81\xa1\x01" + opening * 5000), opening
        assert refuses(opening * 5000), opening
