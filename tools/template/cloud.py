"""From a checked dashboard to a template for `arduino-cloud-cli dashboard create`.

What the CLI asks for (its internal/template/load.go): every variable by its name, and its Thing by a
placeholder, which `--override` must turn into something else: so never by its id in the cloud.
"""

import json
import re

import yaml

from tools.cloud.files import BadFile

from .form import CLOUD_TYPES, MAIN_PAGE, given, is_uuid, quoted, renamed

_CLOUD_TYPES = {name.replace(" ", ""): name for name in CLOUD_TYPES}


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.1 or 1.2 takes for something else; escapes line ends, which YAML folds."""

    def represent_text(self, text):
        return self.represent_scalar("tag:yaml.org,2002:str", text, None if text.isprintable() else '"')


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?([\d.]+[eE][-+]?\d+|0o[0-7]+|\d+)$"),
    list("-+.0123456789"),
)


def template(dashboard, thing, file):
    """The template, and its overrides {placeholder: the Thing's id in the cloud, None if it is not known}.

    thing: an id or any name for the Thing of all variables; None keeps those of the file.
    """
    things = {}
    for widget in dashboard.widgets:
        for variable in widget.variables:
            if not (thing or variable.thing):
                name = quoted(variable.name)
                raise BadFile(f"{widget.place}: nobody knows the Thing of {name}; name it with --thing")
            things.setdefault(thing or variable.thing)
    placeholders = _placeholders(things)
    document = {
        **given(name=dashboard.name, pages=[page for page in dashboard.pages if page["id"] != MAIN_PAGE]),
        "widgets": [_widget(widget, thing, placeholders) for widget in dashboard.widgets],
    }
    return document, {placeholders[name]: name if is_uuid(name) else None for name in things}


def encode(document, as_json):
    if as_json:
        return (json.dumps(document, indent=4, ensure_ascii=False) + "\n").encode()
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110).encode()


def _widget(widget, thing, placeholders):
    things = {variable.name: thing or variable.thing for variable in widget.variables}

    def of_placeholder(name):
        old, _, variable = name.rpartition(":")
        known = (thing or old) if old else things.get(name)  # a pin may name its variable alone
        placeholder = placeholders.get(known)
        return f"{placeholder}:{variable}" if placeholder else name

    kind = widget.fields["type"]
    variables = [
        {"thing_id": placeholders[thing or variable.thing], "variable_id": variable.name}
        for variable in widget.variables
    ]
    return {
        **widget.fields,
        "type": _CLOUD_TYPES.get(kind, kind),
        **given(variables=variables),
        "options": renamed(widget.options, of_placeholder),
    }


def _placeholders(things):
    """A placeholder for each Thing: `--override` and the options of charts use ":", "=" and ","."""
    placeholders = {}
    for thing in things:
        wanted = "thing" if is_uuid(thing) else re.sub(r"[^\w.-]+", "-", thing).strip("-") or "thing"
        number = 1
        placeholder = wanted
        while placeholder in placeholders.values():
            number += 1
            placeholder = f"{wanted}-{number}"
        placeholders[thing] = placeholder
    return placeholders
