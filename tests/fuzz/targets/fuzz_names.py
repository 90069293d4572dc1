"""A name server's answers: an address of four numbers, or OSError."""

from sideboard.net import address_in

_QUESTION = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\5cloud\7example\0\0\1\0\1"
_REPLY = b"\x12\x34\x81\x80\0\1\0\2\0\0\0\0" + _QUESTION[12:]
_A = b"\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
SEEDS = (
    _REPLY + b"\xc0\x0c" + _A,
    _REPLY + b"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\x0e\4edge\7example\0" + b"\4edge\7example\0" + _A,
    _REPLY + b"\xc0\x0c\0\x1c\0\1\0\0\0\x3c\0\x10" + bytes(16) + b"\xc0\x0c" + _A,
    _REPLY,
    _QUESTION,
    b"\x12\x34\x81\x83" + _REPLY[4:],
)


def check(data):
    try:
        address = address_in(data[:512], _QUESTION)
    except OSError:
        return
    numbers = [int(number) for number in address.split(".")]
    assert len(numbers) == 4 and bytes(numbers) in data, address
    assert data[:2] == _QUESTION[:2] and data[2] & 128 and not data[3] & 15, "taken from no answer to it"
