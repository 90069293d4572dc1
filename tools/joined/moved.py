"""Moves functions that are called once there: each takes 20 bytes of flash, and 100 of a 64-bit heap.

It stays where that is not sure to do the same, or would keep what it names as long as a coroutine runs. A
traceback tells the caller's name then.
"""

import ast
import copy
from collections import Counter

from .short import FUNCTIONS, bound

_SCOPES = (*FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.ClassDef)
_ODD = (*_SCOPES, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom)
_LISTS = "body", "orelse", "finalbody"  # of statements


class _Stays(Exception):
    """A function cannot be moved."""


def move(trees, kept):
    """Moves functions within {module: its tree, …}; returns {the name of each: that of its caller, …}.

    kept: names that others may use: of functions, and of attributes.
    """
    moved = {}
    stays = set(kept)
    mentions = {module: _mentions(tree) for module, tree in trees.items()}
    while True:
        together = sum(mentions.values(), Counter())
        for module, tree in trees.items():
            found = next(_candidates(tree, together, stays), None)
            if found:
                function, body = found
                stays.add(function.name)  # tried
                caller = _call_replaced(tree, function, body)
                if caller:
                    body.remove(function)
                    moved[function.name] = caller
                    mentions[module] = _mentions(tree)
                break
        else:
            return moved


def _mentions(tree):
    """How often each name is mentioned, and defined, in a module: {name: times}."""
    mentions = Counter()
    for node in ast.walk(tree):
        for field in "id", "attr", "name", "asname", "arg", "value":
            text = getattr(node, field, None)
            if isinstance(text, str) and not isinstance(node, ast.arg):
                mentions[text] += 1
    return mentions


def _candidates(tree, mentions, stays):
    """(function, the list that has it) of what is defined once and mentioned once, besides."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in bodies:
        for node in body:
            if isinstance(node, FUNCTIONS) and mentions[node.name] == 2 and node.name not in stays:
                if node.name[:2] != "__" and not node.decorator_list and len(body) > 1:
                    yield node, body


def _call_replaced(tree, function, body):
    """Puts a function's statements where it is called; returns the caller's name, or None if it stays."""
    for owner in (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))):
        for caller in owner:
            if isinstance(caller, FUNCTIONS) and caller is not function:
                try:
                    is_method = body is not tree.body
                    if _Place(caller, function, is_method, owner is body).replace(caller.body, True):
                        return caller.name
                except _Stays:
                    return None
    return None


def _call(value):
    return value.value if isinstance(value, ast.Await) else value


class _Place:
    """Where a function is called."""

    def __init__(self, caller, function, is_method, is_own):
        """is_own: whether both are of one class."""
        self._caller = caller
        self._function = function
        self._is_method = is_method
        self._is_own = is_own
        self._lives_on = False
        self._is_value = len(function.body) == 1 and isinstance(function.body[0], ast.Return)

    def replace(self, body, is_end):
        """Replaces the call in these statements, if it is there: that tells it.

        is_end: whether nothing of the caller's follows them.
        """
        for at, node in enumerate(body):
            last = is_end and at == len(body) - 1
            if isinstance(node, _SCOPES):
                continue
            if self._is_value and _Values(self).replaced(node):
                return True
            self._lives_on = isinstance(self._caller, ast.AsyncFunctionDef) and not last
            statements = self._statements(node, last)
            if statements is not None:
                body[at : at + 1] = statements
                return True
            ends = last and isinstance(node, ast.If)
            for field in _LISTS:
                if self.replace(getattr(node, field, []), ends):
                    return True
            if any(self.replace(handler.body, False) for handler in getattr(node, "handlers", ())):
                return True
        return False

    def _statements(self, node, last):
        """What stands for a statement that calls, or None."""
        value = getattr(node, "value", None)
        if isinstance(node, ast.Return) and self.is_call(value):
            body = self._body(_call(value))
            return body if last or not _falls(body) else [*body, ast.Return(None)]
        if isinstance(node, ast.Expr) and self.is_call(value):
            body = self._body(_call(value))
            if last and not any(isinstance(each, ast.Return) and each.value for each in _walk(body)):
                return body
            return _with_result(body, None)
        if isinstance(node, ast.Assign) and self.is_call(value):
            (target,) = node.targets
            if isinstance(target, (ast.Name, ast.Attribute, ast.Tuple)):
                return _with_result(self._body(_call(value)), target)
        if isinstance(node, ast.If):
            negated = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
            if self.is_call(node.test.operand if negated else node.test):
                name = self._new("is_so")
                call = _call(node.test.operand if negated else node.test)
                before = _with_result(self._body(call), ast.Name(name, ast.Store()))
                test = ast.Name(name, ast.Load())
                node.test = ast.UnaryOp(ast.Not(), test) if negated else test
                return [*before, node]
        return None

    def value(self, call):
        """What a function returns that does nothing else."""
        before, (result,) = self._parts(call)
        if before:
            raise _Stays
        return result.value or ast.Constant(None)

    def is_call(self, value):
        awaited = isinstance(value, ast.Await)
        call = value.value if awaited else value
        if not isinstance(call, ast.Call):
            return False
        target, function = call.func, self._function
        if self._is_method:
            named = isinstance(target, ast.Attribute) and target.attr == function.name
        else:
            named = isinstance(target, ast.Name) and target.id == function.name
        return named and awaited == isinstance(function, ast.AsyncFunctionDef)

    def _new(self, name, taken=frozenset()):
        """A name that means nothing yet."""
        taken = taken.union(*map(_names, ast.walk(self._caller)))
        while name in taken:
            name += "_"
        return name

    def _body(self, call):
        before, body = self._parts(call)
        return before + body

    def _parts(self, call):
        """What sets the function's parameters, and its statements, with names that the caller has not."""
        nodes = list(_walk(self._function.body))
        given = _arguments(self._function, call, self._is_method)
        own = {name for node in nodes for name in bound(node)}
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        of_module = used - own - given.keys()
        callers = {name for node in ast.walk(self._caller) for name in bound(node)}
        if (
            any(isinstance(node, _ODD) for node in nodes)
            or own
            and self._lives_on  # what these name would be kept as long as the coroutine runs
            or of_module & callers
            or "super" in used
            and not self._is_own
        ):
            raise _Stays
        names, before, taken = {}, [], of_module
        for name in sorted(own | given.keys()):
            if name in given and name not in own and self._may_stand(name, given[name]):
                names[name] = given[name]
            else:
                names[name] = ast.Name(self._new(name, taken))
                taken = taken | {names[name].id}
        for name, value in given.items():
            if names[name] is not value:
                before.append(ast.Assign([ast.Name(names[name].id, ast.Store())], value, lineno=0))
        return before, [_Renamed(names).visit(copy.deepcopy(node)) for node in self._function.body]

    def _may_stand(self, name, value):
        """Whether what is given may stand where the function has a parameter."""
        if isinstance(value, (ast.Name, ast.Constant)):
            return True
        uses = [node for node in _walk(self._function.body) if getattr(node, "id", None) == name]
        is_plain = not any(isinstance(node, (ast.Call, ast.Await)) for node in ast.walk(value))
        return self._is_value and len(uses) == 1 and is_plain


def _arguments(function, call, is_method):
    """{parameter: what the call gives, or the default, …}."""
    of = function.args
    if of.vararg or of.kwarg or of.posonlyargs or any(isinstance(each, ast.Starred) for each in call.args):
        raise _Stays
    parameters = [each.arg for each in of.args]
    given = dict(zip(parameters, [call.func.value, *call.args] if is_method else call.args))
    for keyword in call.keywords:
        if keyword.arg is None:
            raise _Stays
        given[keyword.arg] = keyword.value
    defaults = dict(zip([each.arg for each in of.args][::-1], of.defaults[::-1]))
    defaults.update((each.arg, value) for each, value in zip(of.kwonlyargs, of.kw_defaults) if value)
    for name, value in defaults.items():
        if name not in given:
            if not isinstance(value, ast.Constant):
                raise _Stays
            given[name] = value
    return given


class _Values(ast.NodeTransformer):
    """Puts what a function returns in place of its call in a statement, but not in those that this holds."""

    def __init__(self, place):
        self._place = place
        self._found = False

    def replaced(self, statement):
        for field, value in ast.iter_fields(statement):
            if field not in (*_LISTS, "handlers") and isinstance(value, (ast.AST, list)):
                if isinstance(value, list):
                    value[:] = map(self.visit, value)
                else:
                    setattr(statement, field, self.visit(value))
        return self._found

    def visit(self, node):
        if not isinstance(node, ast.AST) or isinstance(node, _SCOPES):
            return node
        if self._place.is_call(node):
            self._found = True
            return self._place.value(_call(node))
        return self.generic_visit(node)


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self._names = names

    def visit_Name(self, node):
        value = self._names.get(node.id)
        if value is None:
            return node
        return ast.Name(value.id, node.ctx) if isinstance(value, ast.Name) else value

    def visit_ExceptHandler(self, node):
        self.generic_visit(node)
        if node.name in self._names:
            node.name = self._names[node.name].id
        return node

    def visit_alias(self, node):
        name = node.asname or node.name
        if name in self._names and self._names[name].id != name:
            node.asname = self._names[name].id
        return node


def _with_result(body, target):
    """Statements that set the target, if there is one, to what these return."""
    kept = []
    for at, node in enumerate(body):
        if isinstance(node, ast.Return):
            if target is not None:
                value = node.value or ast.Constant(None)
                kept.append(ast.Assign([copy.deepcopy(target)], value, lineno=0))
            elif node.value and not isinstance(node.value, ast.Constant):
                kept.append(ast.Expr(node.value))
            return kept
        if not any(isinstance(each, ast.Return) for each in _walk([node])):
            kept.append(node)
            continue
        rest = body[at + 1 :]
        if not isinstance(node, ast.If):
            raise _Stays
        if not _falls(node.body):
            branches = node.body, node.orelse + rest
        elif node.orelse and not _falls(node.orelse):
            branches = node.body + rest, node.orelse
        elif not rest:
            branches = node.body, node.orelse
        else:
            raise _Stays
        first, other = (_with_result(branch, target) for branch in branches)
        if not first and other:
            node.test, first, other = ast.UnaryOp(ast.Not(), node.test), other, []
        node.body, node.orelse = first or [ast.Pass()], other
        kept.append(node)
        return kept
    if target is not None and _falls(body):
        kept.append(ast.Assign([copy.deepcopy(target)], ast.Constant(None), lineno=0))
    return kept


def _falls(body):
    """Whether what follows these statements may be reached."""
    last = body[-1] if body else None
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return False
    if isinstance(last, ast.If):
        return _falls(last.body) or _falls(last.orelse)
    if isinstance(last, ast.While) and isinstance(last.test, ast.Constant) and last.test.value:
        return any(isinstance(node, ast.Break) for node in ast.walk(last))
    return True


def _walk(body):
    for node in body:
        yield from ast.walk(node)


def _names(node):
    if isinstance(node, ast.Name):
        yield node.id
    yield from bound(node)
