"""What frozen modules take of a board's flash, from what a build made of them."""

import re

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

MODULE = re.compile(r"^// - frozen file name: (\S+)$", re.M)
SYMBOL = re.compile(r"^(?:static )?const [^=(]*?(\w+)(?:\[\d*\])? = ", re.M)
TEXT = re.compile(r"\{\{&mp_type_(?:str|bytes)\}, \w+, (\d+), \(const byte\*\)")  # has no symbol of its own
NAME = re.compile(r"\bMP_QSTR_\w+")
POOL = "mp_qstr_frozen_const_"


class Unknown(Exception):
    """The build's objects are of a kind that says no sizes; the text is one sentence."""


def symbols(build):
    """{symbol: bytes} of the object that holds the frozen modules."""
    for file in build.rglob("frozen_content*.o*"):
        with file.open("rb") as stream:
            try:
                table = ELFFile(stream).get_section_by_name(".symtab")
            except ELFError:
                break
            return {symbol.name: symbol["st_size"] for symbol in table.iter_symbols()}
    raise Unknown("Sizes are known of ELF objects only.")


def modules(build, names):
    """Returns ({name: bytes of flash} of these modules, bytes of the names that only they use).

    A name in the code, a qstr, is in flash once, whichever modules use it.
    """
    sizes = symbols(build)
    head, *parts = MODULE.split((build / "frozen_content.c").read_text())
    flash, used, elsewhere = {}, set(), set()
    for name, text in zip(parts[::2], parts[1::2]):
        text = text.partition("\nconst char mp_frozen_names")[0]  # behind the last: tables of all
        if name in names:
            flash[name] = sum(sizes.get(symbol, 0) for symbol in SYMBOL.findall(text))
            flash[name] += sum(int(length) + 1 for length in TEXT.findall(text))
            used.update(NAME.findall(text))
        else:
            elsewhere.update(NAME.findall(text))
    return flash, names_of_all(head, sizes, used - elsewhere)


def names_of_all(head, sizes, chosen):
    """Bytes of the chosen ones of the names that are frozen; the others are in the firmware anyway."""
    frozen = NAME.findall(head.partition("enum {")[2].partition("};")[0])
    frozen = [name for name in frozen if name != "MP_QSTRnumber_of"]
    pool = head.partition(f"{POOL}pool = ")[2]
    texts = re.findall(r'^ {8}"(.*)",$', pool, re.M)
    tables = sum(size for symbol, size in sizes.items() if symbol.startswith(POOL))
    length = {name: len(re.sub(r"\\x..|\\.", "?", text)) + 1 for name, text in zip(frozen, texts)}
    chosen = chosen & length.keys()
    return sum(length[name] for name in chosen) + round(tables * len(chosen) / len(texts))
