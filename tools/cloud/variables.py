"""The Thing's variables: as a file describes them, and as the last run left them."""

import json
import logging
from pathlib import Path

from sideboard.variables import Peer, Variable

from .composites import COMPOSITES
from .files import BadFile, read_json, write_whole
from .thing import complete

log = logging.getLogger("cloud")

_SIMPLE = ("bool", "int", "float", "string")
_PERMISSIONS = ("READ_WRITE", "READ_ONLY")
_KEYS = {"name", "type", "permission", "value"}


def variables_in(file):
    """The Variables that a thing file describes; BadFile names what is wrong with it."""
    described = read_json(Path(file), list)
    if described is None:
        raise BadFile(f"{file} does not exist")
    variables = {}
    for number, entry in enumerate(described, 1):
        try:
            variable = make_variable(entry)
            if variable.name in variables:
                raise ValueError(f"the name {variable.name} is taken")
        except (TypeError, ValueError) as error:
            raise BadFile(f"{file}: variable {number}: {error}") from None
        variables[variable.name] = variable
    return list(variables.values())


def make_variable(entry):
    """A Variable from its description, a dict; TypeError or ValueError says what is wrong with it."""
    if not isinstance(entry, dict):
        raise TypeError("not an object")
    if unknown := entry.keys() - _KEYS:
        raise ValueError(f"unknown key {min(unknown)!r}; the keys are name, type, permission and value")
    name, kind, permission = entry.get("name"), entry.get("type"), entry.get("permission", "READ_WRITE")
    if not isinstance(name, str) or not name or ":" in name:
        raise ValueError(f"name must be a text without colons, not {name!r}")
    if kind not in (*_SIMPLE, *COMPOSITES):
        raise ValueError(f"type of {name} must be one of {', '.join((*_SIMPLE, *COMPOSITES))}, not {kind!r}")
    if permission not in _PERMISSIONS:
        raise ValueError(f"permission of {name} must be {' or '.join(_PERMISSIONS)}, not {permission!r}")
    on_write = complete if permission == "READ_WRITE" else None
    if kind in COMPOSITES:
        variable = COMPOSITES[kind](name, on_write=on_write)
    else:
        variable = Variable(name, kind, on_write=on_write)
    if entry.get("value") is not None:
        variable.value = entry["value"]
    return variable


class Memory:
    """The variables' last values and their times, kept in a file over the cloud's restarts."""

    def __init__(self, file, registry):
        self._file = file
        self._registry = registry
        self._peer = Peer(registry)

    def recall(self):
        """Gives the registry's variables the values they had, and brings back those a device had added."""
        for entry in read_json(self._file, list) or ():
            try:
                self._recall(dict(entry))
            except (KeyError, TypeError, ValueError) as error:
                log.warning("Forgot a value kept in %s: %s", self._file, error)

    def _recall(self, entry):
        changed = entry.pop("time")
        known = make_variable(entry)
        if known.name not in self._registry.variables:
            self._registry.add(known)
        variable = self._registry.variables[known.name]
        if variable.type != known.type:
            raise TypeError(f"{known.name} is a {variable.type} now, not a {known.type}")
        if known.value is not None:
            variable.value = known.value
            variable.time = changed

    def save(self):
        entries = [
            {
                "name": variable.name,
                "type": variable.type,
                "permission": "READ_WRITE" if variable.on_write else "READ_ONLY",
                "value": variable.json(),
                "time": variable.time,
            }
            for variable in self._registry.variables.values()
        ]
        write_whole(self._file, json.dumps(entries, indent=1).encode())

    async def run(self):
        """Saves after each change; runs until cancelled."""
        while True:
            await self._peer.changes()
            self.save()
