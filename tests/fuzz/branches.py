"""Which branches an input takes: modules of the board are loaded with a counter in each branch."""

import ast
import builtins
import importlib.machinery
import sys

COUNTED = "sideboard", "microdot"
_LONGEST_WORD = 24

counts = bytearray(8192)  # by branch: how often it was taken, up to 255
words = set()  # the constants of the modules: inputs are made of them
_MORE = bytes([*range(1, 256), 255])
_LEAST = 1, 2, 3, 4, 8, 16, 32, 128  # counts from one of these to the next tell the same, and share a bit
_BITS = bytes((1 << sum(least <= n for least in _LEAST)) >> 1 for n in range(256))


def taken():
    """The branches taken since the last call, and how often, about: as bits of a number."""
    bits = int.from_bytes(counts.translate(_BITS), "little")
    counts[:] = bytes(len(counts))
    return bits


class _Counter(ast.NodeTransformer):
    """Counts blocks, and the parts of conditions, as they are run."""

    branches = 0

    def _next(self):
        _Counter.branches += 1
        return _Counter.branches - 1

    def generic_visit(self, node):
        super().generic_visit(node)
        for field in "body", "orelse", "finalbody":
            block = getattr(node, field, None)
            if isinstance(block, list) and block and not isinstance(node, (ast.Module, ast.ClassDef)):
                number = self._next()
                count = ast.parse(f"_counts_[{number}] = _more_[_counts_[{number}]]").body
                setattr(node, field, count + block)
        return node

    def _counted(self, part):
        return ast.parse(f"_taken_({self._next()}) and _", mode="eval").body.values[:1] + [part]

    def visit_BoolOp(self, node):
        super().generic_visit(node)
        for i, part in enumerate(node.values[1:], 1):
            node.values[i] = ast.BoolOp(ast.And(), self._counted(part))
        return node

    def visit_IfExp(self, node):
        super().generic_visit(node)
        node.body = ast.BoolOp(ast.And(), self._counted(node.body))
        return node

    def visit_Constant(self, node):
        if isinstance(node.value, (str, bytes)) and 0 < len(node.value) <= _LONGEST_WORD:
            words.add(node.value.encode() if isinstance(node.value, str) else node.value)
        return node

    visit_JoinedStr = visit_MatchValue = lambda self, node: node


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, name):
        path = self.get_filename(name)
        tree = _Counter().visit(ast.parse(self.get_data(path)))
        return compile(ast.fix_missing_locations(tree), path, "exec")


class _Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if name.partition(".")[0] in COUNTED and isinstance(
            spec.loader, importlib.machinery.SourceFileLoader
        ):
            spec.loader = _Loader(name, spec.origin)
            return spec
        return None


def install():
    """Has modules that are imported from now on counted."""

    def count(number):
        counts[number] = _MORE[counts[number]]
        return True

    builtins._counts_, builtins._more_, builtins._taken_ = counts, _MORE, count
    sys.meta_path.insert(0, _Finder)
