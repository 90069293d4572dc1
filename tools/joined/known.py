"""What expressions in libraries always are, as long as nothing of ours asks for more."""

import ast
import re

_CONVERTED = "<(int|re):"  # parts of routes
# Of errors, in place of microdot's.
_TEXTS = r"\A(?![\s\S]*texts = \{405: '[^']+', 413: '[^']+', 500: '[^']+'\}$)"
_ODD = r"\.route\((?!')|\.route\('[^']*<(?!((int|path|string):)?\w+>)"
# Whatever a handler may return, and how it is made an answer where that is an answer or its arguments.
_ANSWER = """\
if isinstance(res, tuple):
    if isinstance(res[0], int):
        res = ('', res[0], res[1] if len(res) > 1 else {})
    body = res[0]
    if isinstance(res[1], int):
        status_code = res[1]
        headers = res[2] if len(res) > 2 else {}
    else:
        status_code = 200
        headers = res[1]
    res = Response(body, status_code, headers)
elif not isinstance(res, Response):
    res = Response(res)
"""
_SHORT_ANSWER = """\
if isinstance(res, tuple):
    res = Response(*res)
elif not isinstance(res, Response):
    res = Response(res)
"""
# {code: (what it is, the pattern of what makes it more)}, the pattern for what _source() returns.
_KNOWN = {
    # microdot
    "type_.startswith('re:')": ("None", "<re:"),
    "self.segment_parsers.get(type_)": ("None", "<int:"),
    "segment['parser']": ("None", "<int:"),
    "{'parser': parser, 'name': name, 'type': type_}": ("{'name': name}", _CONVERTED),
    "{'parser': None}": ("{}", _CONVERTED),
    "{'string': '/([^/]+)', 'int': '/(-?\\d+)', 'path': '/(.+)'}": (
        "{'string': '/([^/]+)', 'path': '/(.+)'}",
        "<int:",
    ),
    "segment[-1] != '>'": ("False", _ODD),
    "type_ not in self.segment_patterns": ("False", _ODD),
    "method == 'OPTIONS' and self.options_handler": ("method == 'OPTIONS'", "options_handler"),
    "self.options_handler(req)": ("self.default_options_handler(req)", "options_handler"),
    "isinstance(res, int)": ("False", r"^handler: return -?\d"),
    _ANSWER: (_SHORT_ANSWER, r"^handler: (return \(-?\d|pair \D)|after_request"),
    "iscoroutine(ret)": ("True", "^handler: plain"),
    "'charset=' not in self.headers['Content-Type']": ("True", "default_content_type"),
    "reason or str(status_code) + ' error'": (
        "reason",
        r"(?<!class )\b(Refused|HTTPException|abort)\([^(),]*\)",
    ),
    "'Payload too large'": ("None", _TEXTS),
    "'Internal server error'": ("None", _TEXTS),
    # without applications in others
    "[m.upper() for m in methods or ['GET']], URLPattern(url_pattern), f, '', None": (
        "[m.upper() for m in methods or ['GET']], URLPattern(url_pattern), f",
        "mount",
    ),
    "route_methods, route_pattern, route_handler, url_prefix, subapp": (
        "route_methods, route_pattern, route_handler",
        "mount",
    ),
    "route_methods, route_pattern, _, _, _": ("route_methods, route_pattern, _", "mount"),
    "f, p, s": ("f", "mount"),
    "f, req.url_prefix, req.subapp": ("f", "mount"),
    "self.options_handler(req), '', None": ("self.default_options_handler(req)", "mount|options_handler"),
    "url_prefix": ("None", "mount"),
    "subapp": ("None", "mount"),
    # umqtt
    "port == 0": ("False", r"MQTTClient\(|__init__\(client_id, server(?!, port,)"),
    "clean_session << 1": ("2", r"super\(\)\.connect\((?!\))"),
    "qos << 1 | retain": ("2", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
    "qos > 0": ("True", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
    "qos == 1": ("True", r"super\(\)\.publish(?!, topic, data, False, 1\))"),
}


def with_known(tree, users):
    """A library's tree with what is known; users: the trees that use it."""
    source = _source(users)
    known = {each: is_one for each, (is_one, more) in _KNOWN.items() if not re.search(more, source, re.M)}
    return ast.parse(ast.unparse(_Known(known).visit(tree)))


def _source(users):
    """The text of the trees; of handlers, each in a line, what they return, and which are no coroutines."""
    lines = [ast.unparse(user) for user in users]
    nodes = [node for user in users for node in ast.walk(user)]
    coroutines = {node.name: node for node in nodes if isinstance(node, ast.AsyncFunctionDef)}
    for name in _handlers(nodes):
        if name not in coroutines:
            lines.append("handler: plain")
            continue
        for each in ast.walk(coroutines[name]):
            if isinstance(each, ast.Return) and each.value:
                lines.append(f"handler: {ast.unparse(each)}")
                if isinstance(each.value, ast.Tuple) and len(each.value.elts) == 2:
                    lines.append(f"handler: pair {ast.unparse(each.value.elts[1])}")
    return "\n".join(lines)


def _handlers(nodes):
    """The names of the functions that are given to before_request(), or to what route() returns."""
    for node in nodes:
        if isinstance(node, ast.Call) and len(node.args) == 1:
            takes = getattr(node.func, "func", node.func)
            if getattr(takes, "attr", None) == ("before_request" if takes is node.func else "route"):
                yield getattr(node.args[0], "attr", getattr(node.args[0], "id", None))


class _Known(ast.NodeTransformer):
    def __init__(self, known):
        self._known = {_key(_parsed(each)): _parsed(is_one) for each, is_one in known.items()}

    def generic_visit(self, node):
        return self._known.get(_key(node)) or super().generic_visit(node)


def _parsed(text):
    node = ast.parse(text).body[0]
    return node.value if isinstance(node, ast.Expr) else node


def _key(node):
    """What is the same for the same code, read or set."""
    return re.sub(r"\b(Load|Store)\(\)", "", ast.dump(node))
