"""Inputs made of others: parts change, come twice, go, and get what has been seen elsewhere."""

NUMBERS = (
    0,
    1,
    2,
    127,
    128,
    255,
    256,
    4096,
    32767,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63,
    2**64 - 1,
)
TEXTS = tuple(
    b"0 -1 1e999 -0.0 1e-400 9223372036854775808 99999999999999999999999 null true [] {} NaN".split()
)
NO_TEXT = b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\xff", b"\\ud83d", b"\\ude00"
USUAL, LARGEST = 1500, 20000  # bytes: most inputs are short, as there are more of them in a minute


def mutated(random, data, others, words):
    """`data` with some changes; others, words: byte strings that it may get parts of."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        at = random.randrange(len(data) + 1)
        size = (
            random.choice((1, 1, 2, 4, 8, 32)) if random.random() < 0.8 else random.randrange(len(data) + 1)
        )
        kind = random.randrange(13)
        if kind < 2 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 2 and at < len(data):
            data[at] = random.randrange(256)
        elif kind == 3:
            del data[at : at + size]
        elif kind == 4:
            data[at:at] = data[at : at + size] * random.choice((1, 1, 2, 16, 200))
        elif kind == 5:
            to = random.randrange(len(data) + 1)
            data[to:to] = data[at : at + size]
        elif kind == 6:
            data[at:at] = random.randbytes(size % 64)
        elif kind == 7:
            number = random.choice(NUMBERS)
            size = random.choice((1, 2, 4, 8))
            data[at : at + size] = (number % 256**size).to_bytes(size, random.choice(("big", "little")))
        elif kind == 8:
            data[at : at + random.choice((0, 1, 3))] = random.choice(TEXTS)
        elif kind == 9:
            data[at:at] = random.choice(NO_TEXT)
        elif kind == 10 and others:
            other = random.choice(others)
            start = random.randrange(len(other) + 1)
            data[at : at + random.choice((0, size))] = other[
                start : start + random.choice((size, 10, len(other)))
            ]
        elif kind == 11 and at < len(data):
            data[at] = (data[at] + random.randrange(-8, 9)) % 256
        elif words:
            word = random.choice(words)
            data[at : at + random.choice((0, 0, len(word)))] = word
    return bytes(data[: LARGEST if random.random() < 0.01 else USUAL])
