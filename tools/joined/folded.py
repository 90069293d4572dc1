"""Takes out of a library's functions what is never reached: by values that are known where a test is made."""

import ast

from .unread import is_pure, nodes

_FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
_ENDS = ast.Return, ast.Raise, ast.Continue, ast.Break
_LISTS = "body", "orelse", "finalbody"


def decided(test):
    """Whether a test always succeeds, or never; None if nobody knows."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        value = decided(test.operand)
        return None if value is None else not value
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.IsNot)):
        left, right = test.left, test.comparators[0]
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            return (left.value is right.value) == isinstance(test.ops[0], ast.Is)
    if isinstance(test, ast.BoolOp):
        values = [decided(value) for value in test.values]
        ends = isinstance(test.op, ast.Or)  # what one value alone decides
        if ends in values and all(map(is_pure, test.values[: values.index(ends)])):
            return ends
        if None not in values:
            return not ends
    return None


class _Known(ast.NodeTransformer):
    def __init__(self, values):
        self._values = values

    def visit_Name(self, node):
        return self._values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


class Folded(ast.NodeTransformer):
    """raising: names of methods that only raise, wherever they are."""

    def __init__(self, tree, users):
        every = nodes(tree, users)
        functions = [node for node in every if isinstance(node, _FUNCTIONS)]
        others = {node.name for node in functions if not isinstance(node.body[0], ast.Raise)}
        shared = (node.names for node in every if isinstance(node, (ast.Global, ast.Nonlocal)))
        self._shared = {name for names in shared for name in names}  # a call may change these
        self._raising = {node.name for node in functions if isinstance(node, ast.FunctionDef)} - others

    def generic_visit(self, node):
        super().generic_visit(node)
        for field in _LISTS:
            body = getattr(node, field, None)
            if isinstance(body, list) and body:
                setattr(node, field, self._reached(body) or [ast.Pass()] * (field == "body"))
        return node

    def _reached(self, body):
        kept, known, left = [], {}, list(body)
        while left:
            node = left.pop(0)
            if isinstance(node, ast.If):
                value = decided(_Known(known).visit(ast.parse(ast.unparse(node.test), mode="eval").body))
                if value is not None:
                    left[:0] = node.body if value else node.orelse
                    continue
            kept.append(node)
            if isinstance(node, _ENDS) or self._raises(node) or _is_endless(node):
                break
            for each in ast.walk(node):
                if isinstance(each, (ast.Name, ast.arg)) and not isinstance(
                    getattr(each, "ctx", None), ast.Load
                ):
                    known.pop(getattr(each, "id", None), None)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = {target.id for target in node.targets if isinstance(target, ast.Name)}
                known.update(dict.fromkeys(names - self._shared, node.value))
        return kept

    def _raises(self, node):
        call = getattr(node, "value", None) if isinstance(node, (ast.Assign, ast.Expr)) else None
        function = getattr(call, "func", None)
        return (
            isinstance(function, ast.Attribute)
            and getattr(function.value, "id", None) == "self"
            and function.attr in self._raising
        )

    def visit_IfExp(self, node):
        self.generic_visit(node)
        value = decided(node.test)
        return node if value is None else node.body if value else node.orelse

    def visit_BoolOp(self, node):
        """`None or x` is x."""
        self.generic_visit(node)
        skipped = isinstance(node.op, ast.And)
        while (
            len(node.values) > 1
            and isinstance(node.values[0], ast.Constant)
            and decided(node.values[0]) == skipped
        ):
            del node.values[0]
        return node if len(node.values) > 1 else node.values[0]

    def visit_BinOp(self, node):
        """`x + ""` is x."""
        self.generic_visit(node)
        is_nothing = (
            isinstance(node.right, ast.Constant) and node.right.value == "" and isinstance(node.op, ast.Add)
        )
        return node.left if is_nothing else node


def _is_endless(node):
    is_loop = isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value
    return is_loop and not any(isinstance(each, ast.Break) for each in ast.walk(node))
