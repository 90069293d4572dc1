"""Takes out of a library what its users leave no use for: parameters that no call gives, overridden methods.

A function's calls are all that use its name, whatever they belong to.
"""

import ast

from .unread import nodes

_FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef


class _Uses:
    """What the library's tree and its users' tell of functions and classes by their names."""

    def __init__(self, tree, users):
        self.nodes = nodes(tree, users)
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        self.classes = [node for node in self.nodes if isinstance(node, ast.ClassDef)]
        harmless = {id(call.func) for call in self.calls}
        harmless.update(id(base) for each in self.classes for base in each.bases)
        harmless.update(id(node.value) for node in self.nodes if isinstance(node, ast.Attribute))
        harmless.update(
            id(arg) for call in self.calls if _name(call.func) == "isinstance" for arg in call.args[1:]
        )
        for each in self.classes:  # what a class has of its own is nobody else's
            own = {node.name for node in each.body if isinstance(node, _FUNCTIONS)}
            harmless.update(
                id(node)
                for node in ast.walk(each)
                if isinstance(node, ast.Attribute)
                and getattr(node.value, "id", None) == "self"
                and node.attr in own
                and each not in tree.body
            )
        self.values = {_name(node) for node in self.nodes if id(node) not in harmless}  # called by whoever
        self.values.update(node.value for node in self.nodes if isinstance(getattr(node, "value", None), str))

    def of(self, function):
        """Its calls; None if there may be others."""
        if function in self.values or function[:2] == "__":
            return None
        return [call for call in self.calls if _name(call.func) == function]

    def making(self, one):
        """The calls of a class's __init__; None if there may be others."""
        heirs = self.heirs(one)
        if {one.name, *(heir.name for heir in heirs)} & self.values:
            return None
        names = {one.name} | {heir.name for heir in heirs if not _method(heir, "__init__")}
        makers = [call for call in self.calls if _name(call.func) in names]
        makers += [
            call for call in ast.walk(one) if getattr(getattr(call, "func", None), "id", None) == "cls"
        ]
        for heir in heirs:
            makers += [call for call in ast.walk(heir) if _is_super(getattr(call, "func", None), "__init__")]
        return makers

    def heirs(self, one):
        return [each for each in self.classes if one.name in map(_name, each.bases)]


def _name(node):
    return getattr(node, "attr", None) or getattr(node, "id", None)


def _method(one, name):
    return next((node for node in one.body if isinstance(node, _FUNCTIONS) and node.name == name), None)


def _is_super(node, method):
    return (
        isinstance(node, ast.Attribute)
        and node.attr == method
        and _name(getattr(node.value, "func", None)) == "super"
    )


def without_overridden(tree, users):
    """Of a class that is only a base, what all classes based on it have of their own."""
    uses = _Uses(tree, users)
    for one in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        heirs = uses.heirs(one)
        made = one.name in uses.values or any(_name(call.func) == one.name for call in uses.calls)
        if heirs and not made:
            one.body = [
                node
                for node in one.body
                if not (
                    isinstance(node, _FUNCTIONS)
                    and all(_method(heir, node.name) for heir in heirs)
                    and not any(_is_super(each, node.name) for heir in heirs for each in ast.walk(heir))
                    and not any(
                        isinstance(each, ast.Attribute)
                        and each.attr == node.name
                        and getattr(each.value, "id", None) == one.name
                        for each in uses.nodes
                    )
                )
            ]
    return tree


def without_unpassed(tree, users):
    """Of a function its parameters that no call gives: its variables with the default's value."""
    uses = _Uses(tree, users)
    for node in tree.body:
        if isinstance(node, _FUNCTIONS):
            _shorten(node, uses.of(node.name), 0)
        elif isinstance(node, ast.ClassDef):
            for method in [each for each in node.body if isinstance(each, _FUNCTIONS)]:
                is_static = any(_name(each) == "staticmethod" for each in method.decorator_list)
                calls = uses.making(node) if method.name == "__init__" else uses.of(method.name)
                _shorten(method, calls, not is_static)
    return tree


def _shorten(function, calls, before):
    """before: how many arguments stand before a call's."""
    of = function.args
    if calls is None or of.vararg or of.kwarg or of.posonlyargs:
        return
    arguments = [each for call in calls for each in call.args]
    keywords = {keyword.arg for call in calls for keyword in call.keywords}
    if None in keywords or any(isinstance(each, ast.Starred) for each in arguments):
        return
    given = before + max((len(call.args) for call in calls), default=0)
    first = len(of.args) - len(of.defaults)
    for argument, default in list(zip(of.args[first:], of.defaults)):
        place = of.args.index(argument)
        if argument.arg not in keywords and place >= given and _becomes(function, argument.arg, default):
            of.args.remove(argument)
            of.defaults.remove(default)


def _becomes(function, name, default):
    """Makes a parameter a variable, or nothing at all."""
    uses = [node for node in ast.walk(function) if getattr(node, "id", None) == name]
    if not uses:
        return True
    if isinstance(default, ast.Constant):
        function.body.insert(0, ast.Assign([ast.Name(name, ast.Store())], default, lineno=0))
        return True
    return False
