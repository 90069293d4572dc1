"""The modules as boards get them: those of ours that are always loaded together are one, microdot is slim.

Each module has a table of its names, in flash and in RAM: joining saves 2 KB of each. What only CPython needs
goes, and of microdot what nothing here can call. MicroPython's build runs this, too, by manifest.py: it needs
no package.
"""

import ast
import os

# {module: its parts, each behind those that it needs}; the others stay what they are.
PARTS = {
    "__init__": (
        "compat errors tasks net clock variables senml agreement mqtt cloud store wifi client __init__"
    ).split(),
    "dashboard": "access assets visitor websocket page dashboard".split(),
}
MODULE_OF = {part: module for module, parts in PARTS.items() for part in parts}
NOT_ON_BOARDS = "cpython"
# Of microdot's, what shares its name with something that is called.
NEVER_CALLED = (
    "Microdot.start_server Microdot.run Microdot.get Microdot.put Microdot.error_response Request.json"
    " HTTPException.__repr__ URLPattern.__repr__"
).split()
_IMPORTS = ast.Import, ast.ImportFrom


class Clash(ValueError):
    """Two parts of a module use a name for different things."""


class _OnBoards(ast.NodeTransformer):
    """Imports from parts become imports from their modules, and MICROPYTHON is True."""

    def __init__(self, module):
        self._module = module

    def visit_ImportFrom(self, node):
        if node.level and node.module:
            module = MODULE_OF.get(node.module, node.module)
            if module == self._module:
                return None
            node.module = None if module == "__init__" else module
            node.names = [alias for alias in node.names if alias.name != "MICROPYTHON"]
        return node if node.names else None

    def visit_If(self, node):
        self.generic_visit(node)
        known = isinstance(node.test, ast.Constant) and node.test.value is True
        return node.body if known else node

    def visit_Assign(self, node):
        if any(isinstance(target, ast.Name) and target.id == "MICROPYTHON" for target in node.targets):
            return None
        return self.generic_visit(node)

    def visit_Name(self, node):
        return ast.Constant(True) if node.id == "MICROPYTHON" else node


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


def _statements(module, sources):
    """The statements of all parts; an import that several have is there once."""
    owners, imports, others = {}, {}, []
    for part in PARTS.get(module, (module,)):
        tree = _OnBoards(module).visit(ast.parse((sources / f"{part}.py").read_text()))
        for statement in tree.body:
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


def _mentions(node):
    """All names that a piece of code mentions: of variables, attributes, arguments, and in texts."""
    for child in ast.walk(node):
        for field in "id", "attr", "name", "arg", "value":
            text = getattr(child, field, None)
            if isinstance(text, str):
                yield text


def _callable(body, names, owner=""):
    """The statements of a module or class without the functions and classes that none of the names calls."""
    for statement in body:
        name = getattr(statement, "name", None)
        if name is None or owner + name not in NEVER_CALLED and (name in names or name.startswith("__")):
            if isinstance(statement, ast.ClassDef):
                statement.body = [*_callable(statement.body, names, f"{name}.")] or [ast.Pass()]
            yield statement


def slim(tree, users):
    """Of a module's tree, what these trees may call, by name; and what that may call, and so on."""
    names = {name for user in users for name in _mentions(user)}
    while True:
        kept = ast.Module([*_callable(ast.parse(ast.unparse(tree)).body, names)], [])
        more = names.union(*map(_mentions, (node for node in kept.body if not isinstance(node, _IMPORTS))))
        if more == names:
            return kept
        names = more


def write(file, text):
    """Writes a file in one step, if it is not so already: else make would compile it again."""
    if not file.is_file() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(file)


def modules(root, microdot=None):
    """Writes those that are out of date; returns {"sideboard/__init__.py": its file, …}.

    root: the project's folder, a Path; microdot: that of its package, else where `make setup` puts a copy.
    FileNotFoundError when that is not there.
    """
    sources, folder = root / "device" / "sideboard", root / ".build" / "joined" / "sideboard"
    microdot = microdot or root / ".build" / "freeze" / "microdot"
    parts = {file.stem for file in sources.glob("*.py")} - {NOT_ON_BOARDS}
    trees = {
        f"sideboard/{module}.py": ast.Module(_statements(module, sources), [])
        for module in sorted({MODULE_OF.get(part, part) for part in parts})
    }
    whole = ast.parse((microdot / "microdot.py").read_text())
    trees["microdot/__init__.py"] = ast.parse((microdot / "__init__.py").read_text())
    trees["microdot/microdot.py"] = slim(whole, [*trees.values()])
    files = {}
    for name, tree in trees.items():
        file = files[name] = folder.parent / name
        write(file, ast.unparse(ast.fix_missing_locations(tree)) + "\n")
    return files
