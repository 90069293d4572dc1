"""The modules of libraries that become parts of ours: of each, what we reach."""

import ast

from .slim import slim

MICRODOT = "microdot"
# {what the part is called: (its module, the parts that use it: all of ours, if none is named)}
LIBRARIES = {
    MICRODOT: ("microdot.microdot", ()),
    "umqtt": ("umqtt.simple", ("mqtt", "cloud", "failure")),
}
PART_OF = {module: part for part, (module, _) in LIBRARIES.items()}


def add(parts, folder, parsed):
    """Adds them to {part: its tree, …}; parsed: makes a tree of a file, which lies in this folder."""
    ours = dict(parts)
    for part, (module, users) in LIBRARIES.items():
        tree = parsed(folder / (module.replace(".", "/") + ".py"))
        held = {}
        for user in ours.values():
            _Held(module, held).visit(user)
        _Renamed(held).visit(tree)
        parts[part] = slim(tree, [ours[user] for user in users or ours])


class _Held(ast.NodeTransformer):
    """What is read and set in a library's module that a part holds, such as simple.socket, gets names."""

    def __init__(self, module, names):
        self._package, _, self._module = module.rpartition(".")
        self._names = names  # {in the library: here}
        self._set = set()

    def visit_ImportFrom(self, node):
        if node.module == self._package and not node.level:
            node.names = [alias for alias in node.names if alias.name != self._module]
        return node if node.names else None

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if getattr(node.value, "id", None) != self._module:
            return node
        name = self._names[node.attr] = f"{self._module}_{node.attr}"
        if isinstance(node.ctx, ast.Store):
            self._set.add(name)
        return ast.Name(name, node.ctx)

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        if self._set:
            node.body.insert(0, ast.Global(sorted(self._set)))
            self._set = set()
        return node


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self._names = names

    def visit_alias(self, node):
        name = node.asname or node.name
        if name in self._names:
            node.asname = self._names[name]
        return node

    def visit_Name(self, node):
        node.id = self._names.get(node.id, node.id)
        return node
