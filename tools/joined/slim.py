"""Of a library's module what can be reached, by the names that its users mention: the rest returns with use.

A piece stays when its name is mentioned anywhere, whatever it belongs to.
"""

import ast

from .folded import Folded
from .known import with_known
from .unpassed import without_overridden, without_unpassed
from .unread import Unread, is_pure

_IMPORTS = ast.Import, ast.ImportFrom


def slim(tree, users):
    """Of a module's tree, what these trees may reach."""
    tree = _OnBoards().visit(ast.parse(ast.unparse(tree)))
    names = {name for user in users for name in _mentions(user)}
    tree = with_known(tree, users)
    before = None
    while before != ast.dump(tree):
        before = ast.dump(tree)
        tree = _reached(tree, names)
        tree = without_unpassed(without_overridden(tree, users), users)
        tree = Folded(tree, users).visit(Unread(tree, users).visit(tree))
    return _without_unused_imports(tree)


def _without_unused_imports(tree):
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, _IMPORTS):
            node.names = [alias for alias in node.names if (alias.asname or alias.name) in used]
    tree.body = [node for node in tree.body if not isinstance(node, _IMPORTS) or node.names]
    return tree


def _mentions(node):
    """All names that a piece of code mentions: of variables, attributes, arguments, and in texts."""
    for child in ast.walk(node):
        for field in "id", "attr", "name", "arg", "value":
            text = getattr(child, field, None)
            if isinstance(text, str):
                yield text


class _OnBoards(ast.NodeTransformer):
    """Modules by the names of today."""

    def visit_alias(self, node):
        if node.name == f"u{node.asname}":
            node.name, node.asname = node.asname, None
        return node


def _reached(tree, names):
    """What the names mention, and what that mentions, and so on."""
    while True:
        kept = ast.Module([*_mentioned(ast.parse(ast.unparse(tree)).body, names)], [])
        code = [node for node in kept.body if not isinstance(node, _IMPORTS)]
        more = names.union(*map(_mentions, code))
        if more == names:
            return kept
        names = more


def _mentioned(body, names):
    """The statements of a module or class, but those that bind what none of the names mentions."""
    for statement in body:
        name = _name(statement)
        if name is None or name in names or name.startswith("__"):
            if isinstance(statement, ast.ClassDef):
                statement.body = [*_mentioned(statement.body, names)] or [ast.Pass()]
            yield statement


def _name(statement):
    """What a function, a class or a plain assignment binds."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and is_pure(statement.value):
        return getattr(statement.targets[0], "id", None)
    return getattr(statement, "name", None)
