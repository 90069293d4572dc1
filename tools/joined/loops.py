"""Makes loops of list comprehensions: MicroPython has each of these as a function of its own."""

import ast

from .short import DEFINITIONS, FUNCTIONS

_LISTS = "body", "orelse", "finalbody"


def unroll(tree):
    """In functions, where a statement begins with a comprehension."""
    for function in ast.walk(tree):
        if isinstance(function, FUNCTIONS):
            _Function(function).unroll(function.body)


class _Function:
    def __init__(self, function):
        self._names = {
            each
            for node in ast.walk(function)
            for each in (getattr(node, "id", None), getattr(node, "arg", None), getattr(node, "name", None))
        }

    def unroll(self, body):
        for at in range(len(body) - 1, -1, -1):
            node = body[at]
            if isinstance(node, DEFINITIONS):
                continue
            for field in _LISTS:
                self.unroll(getattr(node, field, []))
            for handler in getattr(node, "handlers", ()):
                self.unroll(handler.body)
            body[at : at + 1] = self._statements(node)

    def _statements(self, node):
        field = "test" if isinstance(node, ast.If) else "iter" if isinstance(node, ast.For) else "value"
        holder, field = _first(node, field)
        one = holder and _held(holder, field)
        if not isinstance(one, ast.ListComp) or len(one.generators) > 1:
            return [node]
        (loop,) = one.generators
        of_loop = {each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)}
        renamed = _Renamed({name: self._new(name) for name in of_loop})
        parts = [renamed.visit(each) for each in (loop.target, one.elt, *loop.ifs)]
        target, element, *tests = parts
        used = {each.id for each in ast.walk(one) if isinstance(each, ast.Name)}
        kept = node.targets[0] if isinstance(node, ast.Assign) and holder is node else None
        if isinstance(kept, ast.Name) and kept.id not in used:
            made, after = kept.id, []
        else:
            made, after = self._new("made"), [node]
            _hold(holder, field, ast.Name(made, ast.Load()))
        call = ast.Call(ast.Attribute(ast.Name(made, ast.Load()), "append", ast.Load()), [element], [])
        inner = [ast.Expr(call)]
        for test in reversed(tests):
            inner = [ast.If(test, inner, [])]
        return [
            ast.Assign([ast.Name(made, ast.Store())], ast.List([], ast.Load()), lineno=0),
            ast.For(target, loop.iter, inner, [], lineno=0),
            *after,
        ]

    def _new(self, name):
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name


def _first(node, field):
    """The node and field that a statement computes first, but for names that it looks up."""
    if _held(node, field) is None:
        return None, None
    while True:
        value = _held(node, field)
        if isinstance(value, ast.BoolOp):
            node, field = value, "values"
        elif isinstance(value, (ast.Tuple, ast.List)) and value.elts:
            node, field = value, "elts"
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.args:
            node, field = value, "args"
        elif isinstance(value, (ast.Call, ast.Attribute, ast.Subscript, ast.UnaryOp, ast.BinOp, ast.Compare)):
            part = "func operand left value".split()
            node, field = value, next(each for each in part if hasattr(value, each))
        else:
            return node, field


def _held(node, field):
    value = getattr(node, field, None)
    return value[0] if isinstance(value, list) else value


def _hold(node, field, value):
    if isinstance(getattr(node, field), list):
        getattr(node, field)[0] = value
    else:
        setattr(node, field, value)


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self._names = names

    def visit_Name(self, node):
        return ast.Name(self._names.get(node.id, node.id), node.ctx)
