"""Reads a dashboard's file: JSON or YAML, as `arduino-cloud-cli` takes both."""

import codecs
import json
import re

import yaml

from tools.cloud.files import BadFile

_PLAIN = {  # what is no text: its first characters and its form
    "null": ("~nN", r"~|null|Null|NULL"),
    "bool": ("tTfF", r"true|True|TRUE|false|False|FALSE"),
    "int": ("-+0123456789", r"[-+]?(0|[1-9][0-9]*)"),
    "float": ("-+.0123456789", r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?"),
}


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as the CLI reads it: `on`, `10:30` and dates are text. No aliases: no file needs one."""

    yaml_implicit_resolvers = {}

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "an alias is not taken here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        names = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in names:
                raise yaml.constructor.ConstructorError(None, None, f"{name} is there twice", key.start_mark)
            names.add(name)
        return super().construct_mapping(node, deep)


for _type, (_first, _form) in _PLAIN.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_type}", re.compile(f"^(?:{_form})$"), list(_first))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])


def read(file):
    """What the file holds. BadFile says where it is wrong."""
    try:
        data = file.read_bytes()
        # A terminal of Windows redirects into UTF-16.
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadFile(f"{file} is not text in UTF-8") from None
    try:
        return _parse(text)
    except ValueError as error:
        raise BadFile(f"{file} is {error}") from None
    except RecursionError:
        raise BadFile(f"{file} is nested too deeply") from None


def _parse(text):
    try:
        return json.loads(text)
    except ValueError as error:
        problem = f"not JSON: {error}"
    try:
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError) as error:
        if not text.lstrip().startswith(("{", "[")):
            problem = f"not YAML: {_problem(error)}"
    raise ValueError(problem)


def _problem(error):
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error).splitlines()[0]
    return f"{error.problem}, line {mark.line + 1} column {mark.column + 1}"
