"""The access point's name server: every name is the board's, and what is no question gets no answer."""

from sideboard.portal import answer_to

ADDRESS = "192.168.4.1"
HEAD = b"\x12\x34\1\0\0\1\0\0\0\0\0\0"
APPLE = b"\7captive\5apple\3com\0"
A = b"\0\1\0\1"
ANSWER = b"\xc0\x0c\0\1\0\1\0\0\0\x0a\0\4\xc0\xa8\4\1"
EDNS = b"\0\0\x29\4\xd0\0\0\0\0\0\0"


def head(flags=b"\1\0", counts=b"\0\1\0\0\0\0\0\0"):
    return b"\x12\x34" + flags + counts


def test_every_name_is_the_boards():
    for name in APPLE, b"\1a\0", b"\0", b"\x3f" + b"x" * 63 + b"\0", (b"\x3e" + b"x" * 62) * 4 + b"\1x\0":
        answer = answer_to(HEAD + name + A, ADDRESS)
        assert answer == b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0" + name + A + ANSWER


def test_question_with_edns_is_answered_without():
    question = head(counts=b"\0\1\0\0\0\0\0\1") + APPLE + A + EDNS
    assert answer_to(question, ADDRESS) == answer_to(HEAD + APPLE + A, ADDRESS)


def test_other_types_have_an_empty_answer():
    for kind in b"\0\x1c\0\1", b"\0\x41\0\1", b"\0\x0f\0\1", b"\0\xff\0\1", b"\0\1\0\3":
        answer = answer_to(HEAD + APPLE + kind, ADDRESS)
        assert answer == b"\x12\x34\x81\x80\0\1\0\0\0\0\0\0" + APPLE + kind


def test_what_is_no_question_gets_no_answer():
    whole = HEAD + APPLE + A
    for size in range(len(whole)):
        assert answer_to(whole[:size], ADDRESS) == b"", size
    for question in (
        head(b"\x81\x80") + APPLE + A,  # an answer
        head(b"\x10\0") + APPLE + A,  # a server's status
        head(b"\x28\0") + APPLE + A,  # an update
        head(counts=b"\0\0\0\0\0\0\0\0") + APPLE + A,
        head(counts=b"\0\2\0\0\0\0\0\0") + APPLE + A + APPLE + A,
        head(counts=b"\0\1\0\1\0\0\0\0") + APPLE + A + ANSWER,
        HEAD + b"\xc0\x0c" + A,  # a name that is itself
        HEAD + b"\x40" + b"x" * 64 + b"\0" + A,
        HEAD + (b"\x3f" + b"x" * 63) * 4 + b"\0" + A,  # a name of 257 bytes
        HEAD + (b"\x3f" + b"x" * 63) * 8,
    ):
        assert answer_to(question, ADDRESS) == b"", question
