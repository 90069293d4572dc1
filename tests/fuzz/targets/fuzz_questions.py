"""Questions to the access point's name server: an answer of one address or none, or no answer."""

from sideboard.portal import answer_to

_HEAD = b"\x12\x34\1\0\0\1\0\0\0\0\0\0"
SEEDS = (
    _HEAD + b"\7captive\5apple\3com\0\0\1\0\1",
    _HEAD + b"\1a\0\0\x1c\0\1",
    _HEAD[:11] + b"\1\1a\0\0\1\0\1\0\0\x29\4\xd0\0\0\0\0\0\0",
    b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1a\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\1\2\3\4",
    _HEAD + b"\xc0\x0c\0\1\0\1",
)


def check(data):
    question = data[:512]
    answer = answer_to(question, "192.168.4.1")
    if answer:
        found = answer[7]
        assert len(answer) <= 12 + 255 + 4 + 16 and found in (0, 1)
        assert answer[:2] == question[:2] and answer[2] & 0x80 and not question[2] & 0x80
        asked = answer[12 : len(answer) - 16 * found]
        assert question[12:].startswith(asked) and found == (asked[-4:] == b"\0\1\0\1")
        assert not found or answer[-4:] == bytes((192, 168, 4, 1))
