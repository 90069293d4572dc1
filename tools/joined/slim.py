"""Of a library's module what can be reached, by the names that its users mention: the rest returns with use.

A piece stays when its name is mentioned anywhere, whatever it belongs to. What shares its name with something
that is mentioned is listed here, and stays only where it is mentioned as itself, such as `request.json`.
"""

import ast

from .folded import Folded
from .known import with_known
from .unpassed import without_overridden, without_unpassed
from .unread import Unread, is_pure

# What boards do not have, and microdot looks for.
_ABSENT = {"functools", "inspect", "orjson", "traceback"}
_NAMESAKES = (
    "Microdot.start_server Microdot.run Microdot.get Microdot.put Microdot.error_response"
    " Microdot.after_request Microdot.after_error_request Request.after_request Request.args Request.files"
    " Request.json Request.route Request.url Response.write HTTPException.__repr__ URLPattern.__repr__"
    " Response.reason AsyncBytesIO.read AsyncBytesIO.readline NoCaseDict.__delitem__ send_file"
).split()
_IMPORTS = ast.Import, ast.ImportFrom


def slim(tree, users):
    """Of a module's tree, what these trees may reach."""
    tree = _OnBoards().visit(ast.parse(ast.unparse(tree)))
    unused = set(_NAMESAKES).difference(*map(_as_themselves, users))
    names = {name for user in users for name in _mentions(user)}
    if "mount" not in names:
        tree = _Handlers().visit(tree)
    tree = with_known(tree, users)
    before = None
    while before != ast.dump(tree):
        before = ast.dump(tree)
        tree = _reached(tree, names, unused)
        tree = without_unpassed(without_overridden(tree, users), users)
        tree = Folded(tree, users).visit(Unread(tree, users, unused).visit(tree))
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


def _as_themselves(user):
    """ "Request.json" for `request.json`, and for `self.json` in a class that is based on Request."""
    for node in ast.walk(user):
        if isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Delete) and ".headers[" in ast.unparse(node):
            yield "NoCaseDict.__delitem__"
        bases = [getattr(base, "id", "") for base in node.bases] if isinstance(node, ast.ClassDef) else []
        for child in ast.walk(node) if bases else [node]:
            value = getattr(child, "value", None)
            owner = getattr(value, "id", None)
            if getattr(value, "attr", None) == "stream":  # of a request
                owner = "AsyncBytesIO"
            if isinstance(child, ast.Attribute) and owner:
                owners = bases if owner == "self" else [owner[0].upper() + owner[1:]]
                yield from (f"{owner}.{child.attr}" for owner in owners)


class _Handlers(ast.NodeTransformer):
    """Where no application is mounted on another, its handlers are all that there are."""

    def visit_Call(self, node):
        self.generic_visit(node)
        if getattr(node.func, "attr", None) == "get_request_handlers":
            return ast.Attribute(node.func.value, node.args[1].value + "_handlers", ast.Load())
        return node


class _OnBoards(ast.NodeTransformer):
    """Of two ways to import something, the one that boards go; and modules by the names of today."""

    def visit_alias(self, node):
        if node.name == f"u{node.asname}":
            node.name, node.asname = node.asname, None
        return node

    def visit_Try(self, node):
        handler = node.handlers[0] if node.handlers else None
        if getattr(getattr(handler, "type", None), "id", None) == "ImportError":
            for body, other in (node.body, handler.body), (handler.body, node.body):
                if any(name in _ABSENT for statement in body for name in _imported(statement)):
                    return other
        return node


def _imported(statement):
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom):
        yield statement.module


def _reached(tree, names, unused):
    """What the names mention, and what that mentions, and so on."""
    while True:
        kept = ast.Module([*_mentioned(ast.parse(ast.unparse(tree)).body, names, unused)], [])
        code = [node for node in kept.body if not isinstance(node, _IMPORTS)]
        more = names.union(*map(_mentions, code))
        if more == names:
            return kept
        names = more


def _mentioned(body, names, unused, owner=""):
    """The statements of a module or class, but those that bind what none of the names mentions."""
    for statement in body:
        name = _name(statement)
        if name is None or owner + name not in unused and (name in names or name.startswith("__")):
            if isinstance(statement, ast.ClassDef):
                statement.body = [*_mentioned(statement.body, names, unused, f"{name}.")] or [ast.Pass()]
            yield statement


def _name(statement):
    """What a function, a class or a plain assignment binds."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and is_pure(statement.value):
        return getattr(statement.targets[0], "id", None)
    return getattr(statement, "name", None)
