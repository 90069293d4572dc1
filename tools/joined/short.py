"""Makes modules short, and leaves what they do: in a board's flash, names are as dear as code.

What a text names keeps its name. So do functions and classes: a traceback from a board has no line numbers,
so they are all that it tells.
"""

import ast
import builtins
import re
from collections import Counter
from string import ascii_letters

FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
_CONSTANT = ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop
_ONE_BYTE = 126  # of a module's names, beside its own and <module>


class Clash(ValueError):
    """A name stands for different things, or is made at run time."""


def without_docstrings(tree):
    """MicroPython keeps none; and what they say names nothing."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, *DEFINITIONS)) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _nodes(trees):
    return [node for tree in trees for node in ast.walk(tree)]


def _texts(trees):
    return [node.value for node in _nodes(trees) if isinstance(getattr(node, "value", None), str)]


def words(trees):
    """The words of texts: some name attributes, modules, functions."""
    return {word for text in _texts(trees) for word in re.findall(r"\w+", text)}


def bound(node):
    """The names that this node binds, whatever they stand for."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, DEFINITIONS) or isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names


def _bindings(nodes):
    """How often each name is bound."""
    return Counter(name for node in nodes for name in bound(node))


# Constants


def inline_constants(trees):
    """Puts the constants of modules where they are used, in other modules, too: {module: its tree, …}."""
    attributes = {node.attr for node in _nodes(trees.values()) if isinstance(node, ast.Attribute)}
    kept = words(trees.values()) | attributes
    constants = {module: _take_constants(tree, kept) for module, tree in trees.items()}
    for module, tree in trees.items():
        _Inlined(dict(constants[module]), constants, _bindings(ast.walk(tree))).visit(tree)


def _take_constants(tree, kept):
    """Takes the constants out of a module; returns their values."""
    bindings, values, body = _bindings(ast.walk(tree)), {}, []
    for node in (part for statement in tree.body for part in _split(statement)):
        name = getattr(node.targets[0], "id", None) if isinstance(node, ast.Assign) else None
        if name and name not in kept and bindings[name] == 1:
            value = _Inlined(values).visit(node.value)
            if getattr(getattr(value, "func", None), "id", None) == "const":
                value = value.args[0]
            if all(isinstance(child, _CONSTANT) for child in ast.walk(value)):
                values[name] = eval(ast.unparse(value))
                continue
        body.append(node)
    tree.body = body
    return values


def _split(statement):
    """Of `a, b = 1, 2` two statements, if one is a constant."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
        names, values = getattr(statement.targets[0], "elts", []), statement.value.elts
        if len(names) == len(values) and any(isinstance(value, _CONSTANT) for value in values):
            return [ast.Assign([name], value) for name, value in zip(names, values)]
    return [statement]


class _Inlined(ast.NodeTransformer):
    """Values in place of names; modules: {module: its constants, …}, which need not be imported then."""

    def __init__(self, values, modules=None, bindings=None):
        self._values = values
        self._modules = modules or {}
        self._bindings = bindings

    def visit_ImportFrom(self, node):
        constants = self._modules.get(node.module or "__init__", {}) if node.level else {}
        for alias in [alias for alias in node.names if alias.name in constants]:
            if alias.asname or self._bindings[alias.name] > 1:
                raise Clash(f"{alias.name} is a constant of one module, and another binds it again.")
            self._values[alias.name] = constants[alias.name]
            node.names.remove(alias)
        node.names = [alias for alias in node.names if (node.module, alias.name) != ("micropython", "const")]
        return node if node.names else None

    def visit_Name(self, node):
        is_known = isinstance(node.ctx, ast.Load) and node.id in self._values
        return ast.Constant(self._values[node.id]) if is_known else node


def _names(node):
    for field in "id", "attr", "arg", "name", "asname":
        name = getattr(node, field, None)
        if isinstance(name, str):
            yield name
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names


def _rename(node, names):
    for field in "id", "attr", "arg", "name", "asname":
        name = getattr(node, field, None)
        if isinstance(name, str):
            setattr(node, field, names.get(name, name))
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        node.names = [names.get(name, name) for name in node.names]


# Parameters


def shorten_parameters(modules, trees, public):
    """Calls the parameters of modules a, b, …, but those of public functions and classes.

    Those given by keyword anywhere in the trees keep their names, also such as the "<name>" in a route's URL.
    """
    kept = {node.arg for node in _nodes(trees) if isinstance(node, ast.keyword)}
    kept.update(dir(builtins), ["self"])
    for text in _texts(trees):
        kept.update([text], re.findall(r"(\w+)>", text))
    for tree in modules:
        bound = _bindings(node for statement in tree.body for node in _outside(statement))
        for node in tree.body:
            if isinstance(node, DEFINITIONS) and node.name not in public:
                for function in node.body if isinstance(node, ast.ClassDef) else [node]:
                    if isinstance(function, FUNCTIONS):
                        _shorten(function, kept | bound.keys())


def _outside(statement):
    """The nodes of a statement, but not those inside of functions and classes."""
    return [statement] if isinstance(statement, DEFINITIONS) else ast.walk(statement)


def _shorten(function, kept):
    """In a function and all that is in it a name becomes the same one everywhere: so it means what it did."""
    nodes = list(ast.walk(function))
    used = {name for node in nodes for name in _names(node)}
    fixed = {name for node in nodes if isinstance(node, (ast.alias, *DEFINITIONS)) for name in bound(node)}
    for node in nodes:
        if isinstance(node, ast.ClassDef):  # what it binds are its attributes
            fixed |= _bindings(ast.walk(node)).keys()
        elif isinstance(node, ast.arguments):
            fixed |= {argument.arg for argument in node.kwonlyargs}
    wanted = dict.fromkeys(node.arg for node in nodes if isinstance(node, ast.arg) and len(node.arg) > 1)
    free = (letter for letter in ascii_letters if letter not in used | kept)
    names = dict(zip((name for name in wanted if name not in fixed | kept), free))
    for node in nodes:
        if not isinstance(node, (ast.Attribute, ast.keyword, ast.alias, *DEFINITIONS)):
            _rename(node, names)


# The order of names


def with_order(tree):
    """The module with a statement before all that makes no code, but has its most used names come first.

    A module's table numbers names as the compiler meets them, even where it sees that code is never reached.
    To use one of the first 128 takes one byte, another two.
    """
    names = counted(tree)
    if len(names) > _ONE_BYTE:
        mentions = ast.Constant(None)
        for name in sorted(names, key=lambda name: (-names[name], name))[:_ONE_BYTE]:
            if name.isidentifier():
                mentions = ast.Attribute(mentions, name, ast.Load())
            else:
                mentions = ast.Subscript(mentions, ast.Constant(name), ast.Load())
        tree.body.insert(0, ast.While(ast.Constant(True), [ast.Break(), ast.Expr(mentions)], []))
    return tree


def counted(tree):
    """How often a compiled module has each name and short text, about. Variables of functions have none."""
    names = Counter()

    def visit(node, variables):
        if isinstance(node, FUNCTIONS):
            nodes = list(ast.walk(node))
            shared = _bindings(each for each in nodes if isinstance(each, ast.Global))
            variables = variables | (_bindings(nodes).keys() - shared.keys())
        if isinstance(node, ast.Name):
            names[node.id] += node.id not in variables
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value.encode()) < 10:  # longer ones are no names
                names[node.value] += 1
        elif not isinstance(node, (ast.ExceptHandler, ast.Global, ast.Nonlocal)):
            names.update(_names(node))
            names.update(bound(node))
        for child in ast.iter_child_nodes(node):
            visit(child, variables)

    visit(tree, set())
    return +names  # without those that are none
