"""The modules as boards get them: those of ours that boards mostly load together are one, and all are short.

Each module has a table of its names, in flash and in RAM: joining saves 3 KB of each. What only CPython needs
goes, and of microdot and umqtt what nothing here can reach (slim.py); then constants stand where they are
used (short.py), and names get short (names.py).
Together these save 9 KB of flash and 18 KB of a 64-bit heap. MicroPython's build runs this, too, by
manifest.py: it needs no package.
"""

import ast
import hashlib
import os
from pathlib import Path

from . import libraries, loops, moved, names, short
from .short import Clash  # noqa: F401
from .slim import slim  # noqa: F401
from .told import NAMES

# {module: its parts, each behind those that it needs}; the others stay what they are.
PARTS = {
    "__init__": (
        "compat errors tasks net ntp clock variables senml agreement umqtt mqtt cloud store wifi"
        " client __init__"
    ).split(),
    "dashboard": "microdot access assets visitor websocket log page dashboard".split(),
    "settings": ["tls", "stored", "settings"],
    "setup": ["restart", "secrets_file", "files", "setup"],
    "layout": ["layout", "history"],
}
MODULE_OF = {part: module for module, parts in PARTS.items() for part in parts}
NOT_ON_BOARDS = "cpython"
BESIDE = "filejournal.py", "safestart/__init__.py"  # they use the package, and it them
USED_BY_SCRIPTS = {"color", "composites", "television"}  # these give arguments by name
STAND_INS = "tools/board/lib"  # for modules that boards have of their own


class _OnBoards(ast.NodeTransformer):
    """Imports from parts become imports from their modules, and MICROPYTHON is True."""

    def __init__(self, module):
        self._module = module

    def visit_ImportFrom(self, node):
        if node.module in libraries.PART_OF:
            node.module, node.level = libraries.PART_OF[node.module], 1
        if node.level and node.module:
            module = MODULE_OF.get(node.module, node.module)
            if module == self._module:
                return None
            node.module = None if module == "__init__" else module
            node.names = [alias for alias in node.names if alias.name != "MICROPYTHON"]
        return node if node.names else None

    def visit_Expr(self, node):
        """load() and forget() of parts: they come and go with their modules."""
        call = self.generic_visit(node).value
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in ("load", "forget"):
            call.args = [name for name in call.args if not _is_part(name)]
            return node if call.args else None
        return node

    def visit_If(self, node):
        self.generic_visit(node)
        known = isinstance(node.test, ast.Constant) and node.test.value is True
        return node.body if known else node

    def visit_IfExp(self, node):
        self.generic_visit(node)
        known = isinstance(node.test, ast.Constant) and node.test.value is True
        return node.body if known else node

    def visit_Try(self, node):
        self.generic_visit(node)
        return node if node.body else node.orelse  # what was imported there is here

    def visit_Raise(self, node):
        node.cause = None  # boards have none
        return self.generic_visit(node)

    def visit_AsyncWith(self, node):
        """Of a lock, which is all that we use it for."""
        self.generic_visit(node)
        (item,) = node.items
        if item.optional_vars:
            raise Clash(f"Boards get `async with` for locks alone, not {ast.unparse(item)}.")
        acquire, release = (
            ast.Call(ast.Attribute(item.context_expr, name, ast.Load()), [], [])
            for name in ("acquire", "release")
        )
        return [ast.Expr(ast.Await(acquire)), ast.Try(node.body, [], [], [ast.Expr(release)])]

    def visit_Assign(self, node):
        if any(isinstance(target, ast.Name) and target.id == "MICROPYTHON" for target in node.targets):
            return None
        return self.generic_visit(node)

    def visit_Name(self, node):
        return ast.Constant(True) if node.id == "MICROPYTHON" else node


def _is_part(name):
    """Whether "sideboard.tls" and the like are no modules of their own on boards."""
    part = str(getattr(name, "value", None)).rpartition(".")[2]
    return MODULE_OF.get(part, part) != part


def _names(statement):
    """What a statement at the top of a module binds, each with what it is bound to."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name, statement
    elif isinstance(statement, ast.Import):
        yield from ((alias.asname or alias.name, alias.name) for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        place = "." * statement.level + (statement.module or "")
        yield from ((alias.asname or alias.name, (place, alias.name)) for alias in statement.names)
    elif isinstance(statement, ast.Assign):
        for node in (node for target in statement.targets for node in ast.walk(target)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, statement


def _statements(module, parts):
    """The statements of all parts, {name: its tree, …}; an import that several have is there once."""
    owners, imports, others = {}, {}, []
    for part in PARTS.get(module, (module,)):
        for statement in _OnBoards(module).visit(parts[part]).body:
            for name, thing in _names(statement):
                owner, bound = owners.setdefault(name, (part, thing))
                if owner != part and bound != thing:
                    raise Clash(f"{owner}.py and {part}.py both have {name}: boards get the two as one.")
            if isinstance(statement, ast.ImportFrom):
                first = imports.setdefault((statement.level, statement.module), statement)
                known = {alias.name for alias in first.names}
                if first is not statement:
                    first.names += [alias for alias in statement.names if alias.name not in known]
            elif isinstance(statement, ast.Import):
                imports.setdefault(ast.dump(statement), statement)
            elif not (part == "__init__" and "_MODULES" in ast.dump(statement)):  # which loads the parts
                others.append(statement)
    return [*imports.values(), *others]


def _parsed(file):
    return short.without_docstrings(ast.parse(file.read_text()))


def _asked(file):
    """The names that a module beside the package imports from it."""
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] == "sideboard":
            yield from (alias.name for alias in node.names)


def _trees(sources, folder):
    """({module: its tree, …}, the names that scripts use)."""
    parts = {file.stem: _parsed(file) for file in sorted(sources.glob("*.py")) if file.stem != NOT_ON_BOARDS}
    libraries.add(parts, folder, _parsed)
    imported = [node for node in ast.walk(parts["__init__"]) if isinstance(node, ast.ImportFrom)]
    public = {alias.name for node in imported for alias in node.names} | short.words([parts["__init__"]])
    public |= {name for statement in parts["__init__"].body for name, _ in _names(statement)}
    public |= {
        name for file in sources.parent.rglob("*.py") if file.parent != sources for name in _asked(file)
    }
    modules = sorted({MODULE_OF.get(part, part) for part in parts})
    return {module: ast.Module(_statements(module, parts), []) for module in modules}, public


def write(file, text):
    """Writes a file in one step, if it is not so already: else make would compile it again."""
    if not file.is_file() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(file)


def modules(root):
    """Writes those that are out of date; returns {"sideboard/__init__.py": its file, …}.

    root: the project's folder, a Path. FileNotFoundError when `make setup` did not put the libraries there.
    """
    folder = root / ".build" / "joined"
    sources, libraries_folder = root / "device" / "sideboard", root / ".build" / "freeze"
    made_of = _digest(Path(__file__).parent, sources.parent, libraries_folder)
    stamp = folder / "made-of.txt"
    if stamp.is_file() and stamp.read_text() == made_of:
        return {f"sideboard/{file.name}": file for file in sorted((folder / "sideboard").glob("*.py"))}
    trees, public = _trees(sources, libraries_folder)
    short.inline_constants(trees)
    others = [*sorted((root / STAND_INS).glob("*.py")), *(root / "device" / name for name in BESIDE)]
    others = [_parsed(file) for file in others]
    kept = names.kept(trees, public, USED_BY_SCRIPTS, others)
    for tree in trees.values():
        loops.unroll(tree)
    places = moved.move(trees, kept)
    shortened = [tree for module, tree in trees.items() if module not in USED_BY_SCRIPTS]
    short.shorten_parameters(shortened, trees.values(), public)
    told = names.shorten(trees, public, USED_BY_SCRIPTS, others)
    told += [(name, "moved", caller) for name, caller in sorted(places.items())]
    files = {}
    for module, tree in trees.items():
        name = f"sideboard/{module}.py"
        files[name] = folder / name
        write(files[name], ast.unparse(ast.fix_missing_locations(short.with_order(tree))) + "\n")
    write(root / NAMES, "".join(" ".join(line) + "\n" for line in told))
    for file in {*(folder / "sideboard").glob("*.py")} - {*files.values()}:
        file.unlink(missing_ok=True)
    write(stamp, made_of)
    return files


def _digest(*folders):
    """A text that changes with the Python files in these folders."""
    state = hashlib.sha256()
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        state.update(f"{file.name} {file.read_text()}".encode())
    return state.hexdigest()
