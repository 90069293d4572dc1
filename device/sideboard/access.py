"""What pages and programs may do with variables: see them, and write those that are writable."""

import json

from microdot.microdot import HTTPException

from .variables import DASHBOARD

# A user, where there is a login, as the status tells; this one sees everything and changes nothing.
GUEST = {"user": "guest"}


class Refused(HTTPException):
    """What is not to be done: status_code, and the reason in a sentence; with 429, the seconds to wait."""


def described(variable, user):
    """A variable as pages and programs of a user see it."""
    description = {
        "name": variable.name,
        "type": variable.type,
        "value": variable.json(),
        "writable": variable.on_write is not None and user != GUEST,
    }
    if variable.options:
        from .options import named  # loaded by now

        description["options"] = named(variable)
    return description


def listed(variables, user, named=False):
    """JSON in pieces, as a small heap has no room for all: a list of descriptions, or an object by names."""
    text = "{" if named else "["
    for variable in variables:
        if named:
            text += json.dumps(variable.name) + ": "
        yield text + json.dumps(described(variable, user))
        text = ", "
    text = "" if variables else text
    yield text + ("}" if named else "]")


def find(registry, name):
    """The variable of this name. Raises Refused when there is none."""
    if name not in registry.variables:
        raise Refused(404, "there is no variable %s" % name)
    return registry.variables[name]


def write(registry, variable, value, sender=None):
    """Writes a value, for a page if a sender is given. Raises Refused when that is not to be done."""
    if sender and sender.user == GUEST:
        raise Refused(403, "guests change nothing")
    try:
        registry.write(variable, value, DASHBOARD, sender)
    except (AttributeError, TypeError, ValueError) as error:
        raise Refused({AttributeError: 403, TypeError: 409}.get(type(error), 422), str(error)) from None
