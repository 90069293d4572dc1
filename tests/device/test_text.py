"""Text from outside is UTF-8, strictly: from the cloud, the script, and what is stored."""

import json

from flash import FILE, Flash, Run, keep, on_write, writable
from observed import Log, error_of, error_of_awaited
from sideboard.cloud import CloudLink
from sideboard.compat import text_of
from sideboard.senml import decode
from sideboard.variables import Registry, Variable

HALF_AND_HALF = b"\xed\xa0\xbd\xed\xb8\x80"  # 😀; where JSON has been, MicroPython joins them
BAD = (
    b"\x80",  # an end without a beginning
    b"\xc0\x80",  # 0 in two bytes
    b"\xc1\xbf",  # 7F in two
    b"\xc3",  # a beginning without an end
    b"\xe0\x9f\xbf",  # 7FF in three
    b"\xe2\x82",
    b"\xed\xa0\x80",  # half a character
    b"\xed\xbf\xbf",
    HALF_AND_HALF,
    b"\xf0\x8f\xbf\xbf",  # FFFF in four
    b"\xf0\x9f\x98",
    b"\xf4\x90\x80\x80",  # beyond the last character
    b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xff",
)
GOOD = "aä€😀\ud7ff\ue000\uffff\U00010000\U0010ffff"
HALVES = '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\ud83d\\ud83d\\ude00"', '"\\ud83da"'


def name():
    return Variable("name", value="as it was", on_write=on_write)


async def test_text_of_bytes_is_strict():
    assert text_of(GOOD.encode()) == GOOD == text_of(bytearray(GOOD.encode()))
    for bad in BAD:
        for around in b"", b"a", "ä€😀".encode():
            error_of(ValueError, text_of, around + bad + around)


async def test_text_that_json_made_has_whole_characters():
    for code in 0x10000, 0x1F600, 0x2FABC, 0x10FFFF:
        halves = 0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code - 0x10000 & 1023)
        text = text_of(json.loads('"ä\\u%04x\\u%04x\\n"' % halves))
        assert text.encode() == ("ä%s\n" % chr(code)).encode()
    for half in HALVES:
        error_of(ValueError, text_of, json.loads(half))


def linked(*variables):
    registry = Registry()
    for variable in variables:
        registry.add(variable)
    return CloudLink(registry, {"device_id": b"d"}, None)


async def test_text_from_the_cloud_is_strict():
    for bad in BAD:
        text = bytes([0x60 + len(bad)]) + bad
        for pack in b"\x81\xa2\0\x64name\x03" + text, b"\x81\xa2\0" + text + b"\x02\1":
            error_of(ValueError, decode, pack)
            variable = name()
            link = linked(variable)
            await error_of_awaited(ValueError, link.on_message(b"/a/t/1/e/i", pack))  # dropped, and said
            assert variable.value == "as it was"


async def test_script_writes_no_text_that_pages_cannot_show():
    for half in HALVES:
        variable = name()
        error_of(ValueError, Registry().write, variable, json.loads(half))
        assert variable.value == "as it was"


async def test_stored_value_that_is_no_text_is_not_used_and_replaced():
    for bad in BAD:
        with Flash() as flash:
            await keep(flash, writable("name", value="name"))
            text = flash.text().encode()
            with open(FILE, "wb") as file:
                file.write(
                    text.replace(b'"name", 1', b'"%s", 1' % bad).replace(b'"name", n', b'"%s", n' % bad)
                )
            variable = writable("name", "string")
            with Log() as log:
                async with Run(variable) as registry:
                    if bad != HALF_AND_HALF or variable.value != "😀":
                        assert variable.value is None and len(log.texts) == 1, bad
                    registry.write(variable, "new")
                    await flash.looked()
            with open(FILE, "rb") as file:
                assert json.loads(text_of(file.read()))["name"][1] == "new"
