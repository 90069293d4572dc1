"""Takes out of a module what is written and never read, and what can never be: all by name."""

import ast
import functools

# Calls of microdot's for nothing but what they return. (It refuses queries that are not well formed, as it
# cannot parse them: boards do not refuse one that nobody reads.)
_PURE = set("_parse_urlencoded G int items len lower mro range split strip".split())
_FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
_IMPURE = ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr


@functools.cache
def nodes_of(user):
    """All nodes of a user's tree, which stays as it is."""
    return list(ast.walk(user))


def nodes(tree, users):
    """All nodes of a library's tree, and of its users'."""
    found = list(ast.walk(tree))
    for user in users:
        found += nodes_of(user)
    return found


def is_pure(value):
    """Whether a value need not be computed when nobody reads it."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            if getattr(node.func, "attr", getattr(node.func, "id", None)) not in _PURE:
                return False
        elif isinstance(node, _IMPURE):
            return False
    return True


def _loads(node):
    return isinstance(getattr(node, "ctx", None), ast.Load)


def _is_nothing(node):
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _is_empty(node):
    return isinstance(node, ast.List) and not node.elts or isinstance(node, ast.Dict) and not node.keys


def _is_false(test):
    """Whether a test can only fail, and need not be made for that."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        fails = [_is_false(value) for value in test.values]
        return any(fails) and all(map(is_pure, test.values[: fails.index(True)]))
    return _is_nothing(test)


class _Attributes:
    """What trees tell of attributes by their names."""

    def __init__(self, tree, users):
        every = nodes(tree, users)
        attributes = [node for node in every if isinstance(node, ast.Attribute)]
        named = _texts(every) | _made(ast.walk(tree))
        filled = {id(node.value) for node in every if isinstance(node, ast.Subscript) and not _loads(node)}
        self.read = named | {node.attr for node in attributes if _loads(node) and id(node) not in filled}
        self.written = {node.attr for node in attributes if not _loads(node)}
        self.constants = _constants(tree, every, attributes)
        for name in named.union(*map(_bound_by_users, users)):
            self.constants.pop(name, None)


def _texts(nodes):
    return {node.value for node in nodes if isinstance(getattr(node, "value", None), str)}


def _made(nodes):
    """For getattr(self, attr + "_handlers") each of a library's texts with this ending."""
    nodes = list(nodes)
    endings = {getattr(node.right, "value", None) for node in nodes if isinstance(node, ast.BinOp)}
    endings = [ending for ending in endings if isinstance(ending, str) and ending[:1] == "_"]
    return {text + ending for text in _texts(nodes) for ending in endings}


@functools.cache
def _bound_by_users(user):
    attributes = {node.attr for node in nodes_of(user) if isinstance(node, ast.Attribute)}
    definitions = ast.ClassDef, *_FUNCTIONS
    return attributes | {node.name for node in nodes_of(user) if isinstance(node, definitions)}


def _constants(tree, nodes, attributes):
    """{attribute: what it is always set to}, None, False, or a list or dict that stays empty."""
    values, settled = {}, set()
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assigned = [node for one in classes for node in one.body if isinstance(node, ast.Assign)]
    of_class = {id(target): getattr(target, "id", None) for node in assigned for target in node.targets}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (_is_nothing(node.value) or _is_empty(node.value)):
            for target in node.targets:
                name = getattr(target, "attr", None) or of_class.get(id(target))
                if name:
                    settled.add(id(target))
                    values.setdefault(name, {})[ast.dump(node.value)] = node.value
    for node in nodes:  # where what is empty stays so
        if isinstance(node, ast.For):
            settled.add(id(node.iter))
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            settled.add(id(node.comparators[0]))
        elif isinstance(node, ast.Subscript) and _loads(node):
            settled.add(id(node.value))
    for node in attributes:
        found = values.get(node.attr, {})
        if id(node) not in settled and not (_loads(node) and all(map(_is_nothing, found.values()))):
            values.pop(node.attr, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for child in ast.walk(node):  # methods, and attributes of the class
                if id(child) not in settled:
                    values.pop(getattr(child, "name", getattr(child, "id", None)), None)
    return {name: next(iter(found.values())) for name, found in values.items() if len(found) == 1}


class Unread(ast.NodeTransformer):
    """unused: attributes such as "Request.url" that nobody reads, though something has the same name."""

    def __init__(self, tree, users, unused):
        self._attributes = _Attributes(tree, users)
        self._unused = unused
        self._class = ""
        self._variables = None  # of the outermost function: {name: [each value, None where that is unknown]}
        self._loaded = set()

    def generic_visit(self, node):
        super().generic_visit(node)
        if getattr(node, "body", None) == [] and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return node

    def visit_ClassDef(self, node):
        outer = self._class, self._variables
        self._class, self._variables = node.name, None
        self.generic_visit(node)
        self._class, self._variables = outer
        return node

    def visit_FunctionDef(self, node):
        outer = self._variables, self._loaded
        if self._variables is None:  # what is inside shares the names
            self._variables, self._loaded = _variables(node)
        self.generic_visit(node)
        self._variables, self._loaded = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Name(self, node):
        values = (self._variables or {}).get(node.id, [None])
        is_one = all(isinstance(value, ast.Constant) for value in values) and _loads(node)
        same = {ast.dump(value) for value in values} if is_one else ()
        return (
            ast.Constant(values[0].value) if len(same) == 1 and values[0].value in (None, False, "") else node
        )

    def visit_Attribute(self, node):
        self.generic_visit(node)
        return self._attributes.constants.get(node.attr, node) if _loads(node) else node

    def visit_Assign(self, node):
        self.generic_visit(node)
        return None if is_pure(node.value) and all(map(self._is_unread, node.targets)) else node

    def _is_unread(self, target):
        if isinstance(target, ast.Subscript):
            target = target.value
        elif isinstance(target, ast.Name):
            return target.id in (self._variables or ()) and target.id not in self._loaded
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            is_unused = target.value.id == "self" and f"{self._class}.{target.attr}" in self._unused
            return is_unused or target.attr not in self._attributes.read
        return False

    def visit_Call(self, node):
        """hasattr of a private name that nobody sets."""
        self.generic_visit(node)
        if getattr(node.func, "id", None) == "hasattr":
            name = getattr(node.args[1], "value", None)
            if (
                isinstance(name, str)
                and name[:1] == "_" != name[1:2]
                and name not in self._attributes.written
            ):
                return ast.Constant(False)
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        is_false = isinstance(node.ops[0], ast.In) and _is_empty(node.comparators[0]) and is_pure(node.left)
        return ast.Constant(False) if is_false else node

    def visit_If(self, node):
        super().generic_visit(node)
        if _is_false(node.test):
            return node.orelse or None
        if not node.body and not node.orelse and is_pure(node.test):
            return None
        node.body = node.body or [ast.Pass()]
        return node

    def visit_For(self, node):
        super().generic_visit(node)
        if not node.orelse and (_is_empty(node.iter) or not node.body and is_pure(node.iter)):
            return None
        node.body = node.body or [ast.Pass()]
        return node


def _variables(function):
    """The values of a function's own variables, with all that is in it, and the names that are read there."""
    nodes = list(ast.walk(function))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    values = {id(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
    variables = {}
    for name in names:
        if not _loads(name):
            variables.setdefault(name.id, []).append(values.get(id(name)))
    for node in nodes:  # arguments, functions, exceptions; what is global or nonlocal
        for name in (getattr(node, "arg", None), getattr(node, "name", None), *getattr(node, "names", ())):
            if isinstance(name, str):
                variables.pop(name, None)
    return variables, {name.id for name in names if _loads(name)}
