"""Runs a test module of tests/device with a board's floats, on CPython: `single_floats.py KIND MODULE`.

The board's code and the tests are compiled so that each float they hold, compute or read is rounded at once.
"""

import ast
import builtins
import importlib.machinery
import json
import operator
import re
import struct
import sys
import time
import traceback
import types
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "device", ROOT / "tests" / "device"]


def bits_of(number):
    """The bits of the nearest single float, which is infinite beyond the largest."""
    try:
        return struct.unpack("<I", struct.pack("<f", number))[0]
    except OverflowError:
        return 0xFF800000 if number < 0 else 0x7F800000


def float_of(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def single(number):
    """ESP32, RP2040 and most others (MicroPython's object representation A)."""
    return float_of(bits_of(number))


def cut(number):
    """GIGA, Portenta H7, Nicla Vision, Opta (representation C): no room for the last two bits."""
    return number if number != number else float_of(bits_of(number) & ~3)


def filled(number):
    """The same since MicroPython 1.26: copies of the two bits before stand for them."""
    bits = bits_of(cut(number))
    return float_of(bits | bits >> 2 & 3)


# How a float is rounded, and the digits it is written with: since MicroPython 1.26 as many as give it again.
KINDS = {
    "single": (single, None),
    "single-1.25": (single, 7),
    "short": (filled, None),
    "short-1.25": (cut, 6),
}


class Arithmetic:
    """What the compiled code calls in place of Python's operators."""

    def __init__(self, kind):
        self._round, self._digits = KINDS[kind]

    def rounded(self, value):
        return self._round(value) if type(value) is float else value

    def read(self, text):
        """A float from its text as MicroPython reads it: the digits as one number, then the decimal point."""
        sign, digits, exponent = Decimal(text).as_tuple()
        if isinstance(exponent, str):  # infinite, or none
            return float(text)
        number = Decimal(single(int("".join(map(str, digits))))).scaleb(exponent)
        return self._round(float(-number if sign else number))

    def float(self, value=0.0):
        return self.read(value) if isinstance(value, str) else self._round(float(value))

    def written(self, number):
        """The text of a float, as json.dumps() and print() have it."""
        counts = (self._digits,) if self._digits else range(6, 10)
        texts = [f"{number:.{count}g}" for count in counts]
        text = next((text for text in texts if self.read(text) == number), texts[-1])
        return text if re.search("[.en]", text) else text + ".0"

    def calculate(self, name, left, right):
        if name.endswith("truediv") or float in (type(left), type(right)):
            left, right = alike(left), alike(right)
        return self.rounded(getattr(operator, name)(left, right))

    def compare(self, name, left, right):
        if float in (type(left), type(right)):
            left, right = alike(left), alike(right)
        return getattr(operator, name)(left, right)

    def json(self):
        def dumps(value):
            token = r'"(?:\\.|[^"\\])*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?'
            return re.sub(token, lambda found: rewritten(found[0]), json.dumps(value))

        def rewritten(token):
            return token if token[0] == '"' or re.fullmatch(r"-?\d+", token) else self.written(float(token))

        def loads(text):
            return json.loads(text, parse_float=self.read)

        return standing_for(
            json,
            dumps=dumps,
            loads=loads,
            dump=lambda value, file: file.write(dumps(value)),
            load=lambda file: loads(file.read()),
        )

    def struct(self):
        def reading(read):
            return lambda *args: tuple(map(self.rounded, read(*args)))

        return standing_for(struct, unpack=reading(struct.unpack), unpack_from=reading(struct.unpack_from))


def alike(operand):
    """An int becomes a float where it meets one."""
    return single(operand) if isinstance(operand, int) else operand


def standing_for(module, **changes):
    stand_in = types.ModuleType(module.__name__)
    stand_in.__dict__.update({**module.__dict__, **changes})
    return stand_in


class Rounding(ast.NodeTransformer):
    """Puts Arithmetic's methods in the place of whatever makes or compares numbers."""

    NAMES = {
        ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
        ast.Mod: "mod", ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or_",
        ast.BitAnd: "and_", ast.BitXor: "xor", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le",
        ast.Gt: "gt", ast.GtE: "ge",
    }  # fmt: skip

    def visit_Constant(self, node):
        return self._call("float", ast.Constant(repr(node.value))) if type(node.value) is float else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "float":
            return self._call("float", *node.args)
        return self._call("rounded", node)

    def visit_Subscript(self, node):
        self.generic_visit(node)
        return self._call("rounded", node) if isinstance(node.ctx, ast.Load) else node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self._call("calculate", self._name(node.op), node.left, node.right)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        now = ast.parse(ast.unparse(node.target), mode="eval").body
        for part in ast.walk(now):
            ast.copy_location(part, node)
        name = ast.Constant("i" + self._name(node.op).value.rstrip("_"))
        value = self._call("calculate", name, now, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if not all(type(op) in self.NAMES for op in node.ops):
            return node
        comparisons, left = [], node.left
        for op, right in zip(node.ops, node.comparators):
            if right is not node.comparators[-1]:
                right = ast.NamedExpr(ast.Name("_between", ast.Store()), right)
            comparisons.append(self._call("compare", self._name(op), left, right))
            left = ast.Name("_between", ast.Load())
        return ast.BoolOp(ast.And(), comparisons) if len(comparisons) > 1 else comparisons[0]

    def _name(self, symbol):
        return ast.Constant(self.NAMES[type(symbol)])

    def _call(self, method, *arguments):
        function = ast.Attribute(ast.Name("__arithmetic__", ast.Load()), method, ast.Load())
        return ast.Call(function, list(arguments), [])


class Loader(importlib.machinery.SourceFileLoader):
    def path_stats(self, path):
        raise OSError  # nothing compiled otherwise is taken, and nothing of this is kept

    def source_to_code(self, data, path, **options):
        tree = ast.fix_missing_locations(Rounding().visit(ast.parse(data)))
        return compile(tree, path, "exec", dont_inherit=True)


def path_hook(folder):
    if not any(Path(folder).is_relative_to(ours) for ours in FOLDERS):
        raise ImportError
    return importlib.machinery.FileFinder(folder, (Loader, [".py"]))


def main(kind, module):
    builtins.__arithmetic__ = arithmetic = Arithmetic(kind)
    sys.modules.update(json=arithmetic.json(), struct=arithmetic.struct())
    clock = time.time
    time.time = lambda: int(clock())
    sys.print_exception = lambda error, file: traceback.print_exception(error, file=file)
    sys.path_hooks.insert(0, path_hook)
    sys.path[:0] = map(str, FOLDERS)
    sys.path.append(str(ROOT / ".micropython"))
    import run

    run.main(module)


if __name__ == "__main__":
    main(*sys.argv[1:])
