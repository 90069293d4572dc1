"""What expressions in umqtt always are, as long as nothing of ours asks for more."""

import ast
import re

# {code: (what it is, the pattern of what makes it more)}, the pattern for the text of what uses it.
_KNOWN = {
    "port == 0": ("False", r"MQTTClient\(|__init__\(client_id, server(?!, port,)"),
    "clean_session << 1": ("2", r"super\(\)\.connect\((?!\))"),
    "qos << 1 | retain": ("2", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
    "qos > 0": ("True", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
    "qos == 1": ("True", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
}


def with_known(tree, users):
    """A library's tree with what is known; users: the trees that use it."""
    source = "\n".join(map(ast.unparse, users))
    known = {each: is_one for each, (is_one, more) in _KNOWN.items() if not re.search(more, source)}
    return ast.parse(ast.unparse(_Known(known).visit(tree)))


class _Known(ast.NodeTransformer):
    def __init__(self, known):
        self._known = {
            ast.unparse(ast.parse(each)): ast.parse(is_one, mode="eval").body
            for each, is_one in known.items()
        }

    def generic_visit(self, node):
        known = self._known.get(ast.unparse(node)) if isinstance(node, ast.expr) else None
        return known or super().generic_visit(node)
