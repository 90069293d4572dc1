"""Names of files as they come in a path: what is taken for one leads nowhere else, and is one on FAT, too."""

from sideboard.compat import text_of
from sideboard.files import _is_name, _is_secret
from sideboard.visitor import decoded
from wire import is_text

SEEDS = (
    b"main.py",
    b"lib/sideboard/page.mpy",
    b"files/a%20b.png",
    b"files/%C3%A4.png",
    b"../secrets.py",
    b"lib/..%2fsecrets.py",
    b"..%5csecrets.py",
    b"SECRETS.PY",
    b"secret~1.py",
    b"keys/my.der.next",
    b"main.py%00.png",
    b"%ff%c0%af",
    b"./x/.y/z./ ",
)


def check(data):
    try:
        path = text_of(data)  # as each line of a request's head
    except ValueError:
        return
    name = decoded(path)
    if not _is_name(name):
        return
    encoded = name.encode()
    assert is_text(encoded), name
    assert not [byte for byte in encoded if byte < 32 or byte in b'\\:*?"<>|~\x7f'], name
    for part in name.split("/"):
        assert part and len(part.encode()) <= 64 and part.strip(". ") == part, name
        if part.lower() == "secrets.py" or part.lower().endswith(".der"):
            assert _is_secret(name), name
