"""Makes names short that only our modules know: in a board's flash, names are as dear as code.

What scripts use keeps its name, and what a text may name, and what Python's or a board's own objects have. A
short name may stand for an attribute and for a variable, and even be one that a module has anyway, such as
`append` for a function; but never does it stand for two functions or classes: a traceback from a board has no
line numbers, so they are all that it tells.
"""

import ast
import builtins
import importlib
from collections import Counter, defaultdict
from itertools import chain, product
from keyword import kwlist
from string import ascii_letters

from .short import DEFINITIONS, FUNCTIONS, Clash, counted

_BY_NAME = set("eval exec globals locals vars __dict__".split())


class _EachName(ast.NodeVisitor):
    """Puts change(name, whether it is an attribute's) in place of each name, but those of other's modules."""

    def __init__(self, change):
        self._change = change
        self._members = frozenset()  # what the body of a class binds, where the node is in it

    def visit_Name(self, node):
        node.id = self._change(node.id, node.id in self._members)

    def visit_Attribute(self, node):
        self.visit(node.value)
        node.attr = self._change(node.attr, True)

    def visit_arg(self, node):
        node.arg = self._change(node.arg, False)

    def visit_ExceptHandler(self, node):
        node.name = node.name and self._change(node.name, False)
        self.generic_visit(node)

    def visit_Global(self, node):
        node.names = [self._change(name, False) for name in node.names]

    visit_Nonlocal = visit_Global

    def visit_ImportFrom(self, node):
        for alias in node.names if node.level else ():
            alias.name = self._change(alias.name, False)
            alias.asname = alias.asname and self._change(alias.asname, False)

    def visit_FunctionDef(self, node):
        node.name = self._change(node.name, node.name in self._members)
        for each in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(each)
        node.args.defaults, defaults = [], node.args.defaults
        node.args.kw_defaults, others = [], node.args.kw_defaults
        self._visit_in(frozenset(), [node.args, *node.body])
        node.args.defaults, node.args.kw_defaults = defaults, others

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        for each in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(each)
        self._visit_in(frozenset(_bound(node.body)), node.body)
        node.name = self._change(node.name, node.name in self._members)

    def _visit_in(self, members, nodes):
        outer, self._members = self._members, members
        for node in nodes:
            self.visit(node)
        self._members = outer


def shorten(trees, public, scripts, others):
    """Makes names short; returns [(short, kind, name), …], the kind being what a short name is unique among.

    trees: {module: its tree, …}; public: what scripts import; scripts: the modules of which they may use all;
    others: trees of modules that are not among these. Clash when a private name is made at run time.
    """
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and len(node.args) == 2]
    apart = [call.func for call in calls if getattr(call.func, "id", None) == "exec"]  # with names of its own
    for node in nodes:
        if node not in apart:
            _refuse_made(node)
    used = defaultdict(Counter)  # {(name, whether it is an attribute's): {module: how often}, …}
    for module, tree in trees.items():
        _EachName(lambda name, of: used[name, of].update([module]) or name).visit(tree)  # noqa: B023
    foreign = _foreign(nodes, others)
    texts = _texts(nodes)
    members = texts | _members_for_scripts(trees, public, scripts)
    kept = {True: foreign | members}
    kept[False] = texts | _outside(nodes) | trees.keys() | public | _exceptions(nodes)
    kept[False].update(name for module in scripts for name in _bound(trees[module].body) if name[0] != "_")
    own = {(name, True) for name in _set_attributes(nodes) - kept[True]}
    own |= {(name, False) for tree in trees.values() for name in {*_bound(tree.body)} - kept[False]}
    own = {(name, of) for name, of in own if name[:2] != "__" and len(name) > 1}
    definitions = {node.name for node in nodes if isinstance(node, DEFINITIONS)}
    in_classes = _loaded_in_classes(nodes)  # there an attribute of the same name would hide it
    taken = {True: members | _inherited() | in_classes, False: kept[False]}
    for name, of in used:
        taken[of].add(name)
    tables = {module: counted(tree) for module, tree in trees.items()}
    for table, (name, _) in product(tables.values(), own):
        del table[name]
    short = _chosen({key: used[key] for key in own}, taken, tables, definitions, in_classes)
    for tree in trees.values():
        _EachName(lambda name, of: short.get((name, of), name)).visit(tree)
    kinds = {True: "attribute", False: "variable"}
    return sorted(
        (made, "function" if name in definitions else kinds[of], name) for (name, of), made in short.items()
    )


def kept(trees, public, scripts, others):
    """The names of functions and attributes that others may use."""
    names = public | _members_for_scripts(trees, public, scripts)
    names |= _foreign([node for tree in trees.values() for node in ast.walk(tree)], others)
    return names | {name for module in scripts for name in _bound(trees[module].body) if name[0] != "_"}


def _chosen(own, taken, tables, definitions, in_classes):
    """A short name for each: best one that its modules have anyway, and that means something else there.

    own: {(name, whether it is an attribute's): {module: how often}, …}; taken: {whether it is …: names};
    tables: {module: its names}.
    """
    short = {}
    stands_for = {name: name for name in definitions if {(name, True), (name, False)} - own.keys()}
    for name, of in sorted(own, key=lambda key: (-len(own[key]), -own[key].total(), key)):
        hides = not of and name in in_classes
        hidden = taken[of] | taken[True] if hides else taken[of]
        letters = _letters("_" if of and name[0] == "_" else "")
        free = [
            each
            for each in {*letters, *chain(*tables.values())} - hidden
            if each.isidentifier() and each[:2] != "__"
            if name not in definitions or stands_for.get(each, name) == name
        ]
        modules = own[name, of]
        short[name, of] = made = min(free, key=lambda each: (_cost(each, modules, tables), len(each), each))
        taken[of].add(made)
        if hides:
            taken[True].add(made)
        for module in modules:
            tables[module][made] += modules[module]
        if name in definitions:
            stands_for[made] = name
    return short


def _letters(prefix):
    """a, b, … ZZ"""
    for length in 1, 2:
        for letters in product(ascii_letters, repeat=length):
            name = prefix + "".join(letters)
            if name not in kwlist:
                yield name


def _cost(name, modules, tables):
    """What it adds to the tables of names."""
    return sum(len(name) + 2 for module in modules if name not in tables[module])


def _loaded_in_classes(nodes):
    """The names that bodies of classes use."""
    names = set()
    left = [each for node in nodes if isinstance(node, ast.ClassDef) for each in node.body]
    while left:
        node = left.pop()
        if isinstance(node, ast.Name) and _loads(node):
            names.add(node.id)
        elif isinstance(node, FUNCTIONS):
            left += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif not isinstance(node, ast.ClassDef):
            left += ast.iter_child_nodes(node)
    return names


def _inherited():
    """The attributes that a class may have from one of Python's."""
    return {"self"}.union(*(dir(thing) for thing in vars(builtins).values() if isinstance(thing, type)))


def _refuse_made(node):
    text = None
    if isinstance(node, ast.BinOp):
        text = getattr(node.left, "value", None)
    elif isinstance(node, ast.JoinedStr):
        text = getattr(node.values[0], "value", None)
    elif getattr(node, "attr", getattr(node, "id", None)) in _BY_NAME:
        raise Clash(f"Names are short on boards, so {ast.unparse(node)} finds others there.")
    if isinstance(text, str) and text[:1] == "_":
        raise Clash(f"Private names are short on boards, so none may be made: {ast.unparse(node)}.")


def _bound(body):
    """What the statements of a module or class bind."""
    for node in body:
        if isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id
        else:
            yield from _bound(ast.iter_child_nodes(node))


def _set_attributes(nodes):
    """The attributes that these set, and what classes have."""
    set_here = {node.attr for node in nodes if isinstance(node, ast.Attribute) and not _loads(node)}
    return set_here.union(*(_bound(node.body) for node in nodes if isinstance(node, ast.ClassDef)))


def _loads(node):
    return isinstance(node.ctx, ast.Load)


def _texts(nodes):
    """The texts that may name something."""
    texts = (getattr(node, "value", None) for node in nodes)
    return {text for text in texts if isinstance(text, str) and text.isidentifier()}


def _outside(nodes):
    """Names that callers and others' modules give, and Python itself."""
    names = {*dir(builtins), "self"}
    for node in nodes:
        if isinstance(node, (ast.arg, ast.keyword)):
            names.add(node.arg)
        elif isinstance(node, ast.Import) or isinstance(node, ast.ImportFrom) and not node.level:
            names.update(alias.asname or alias.name for alias in node.names)
    return names


def _foreign(nodes, others):
    """The public names of what others' objects have: Python's, and those of other modules on the board."""
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    names = set(dir(builtins)).union(*(dir(thing) for thing in vars(builtins).values()))
    for module in modules:
        try:
            things = vars(importlib.import_module(module))
        except ImportError:
            continue  # MicroPython's alone
        names.update(things, *(dir(thing) for thing in things.values()))
    for node in (node for tree in others for node in ast.walk(tree)):
        names.update(getattr(node, field, None) or "_" for field in ("attr", "id", "name"))
    return {name for name in names if name[0] != "_"}  # the private ones of boards' own modules are others


def _classes(trees):
    return {
        node.name: (module, node)
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def _members_for_scripts(trees, public, scripts):
    """The public attributes of what scripts use, and of the classes on which that is based."""
    classes = _classes(trees)
    left = [name for name, (module, _) in classes.items() if name in public or module in scripts]
    members = _set_attributes([node for module in scripts for node in ast.walk(trees[module])])
    while left:
        _, node = classes.pop(left.pop(), (None, None))
        if node:
            members.update(_set_attributes([node, *ast.walk(node)]))
            left += [getattr(base, "id", None) for base in node.bases]
    return {name for name in members if name[0] != "_"}


def _exceptions(nodes):
    """The classes of exceptions, which messages show."""
    names = {name for name, thing in vars(builtins).items() if isinstance(thing, type)}
    names = {name for name in names if issubclass(getattr(builtins, name), BaseException)}
    for node in nodes:  # a class comes behind that on which it is based
        if isinstance(node, ast.ClassDef) and names & {getattr(base, "id", None) for base in node.bases}:
            names.add(node.name)
    return names
