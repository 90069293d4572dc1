"""Prints what the installed official package offers, as JSON: its public names, parameters and constants.

Run as a script, so that `arduino_iot_cloud` is the installed package and not the board's file of that name.
"""

import inspect
import json
import re
import types

# Special methods that a script uses without naming them.
SPECIAL = "__contains__", "__getitem__", "__setitem__", "__repr__"


def public(names):
    return sorted(name for name in names if name in SPECIAL or not name.startswith("_"))


def parameters(function):
    """(name, kind, default) of each parameter but self; a default that JSON cannot hold is its text."""
    described = []
    for one in inspect.signature(function).parameters.values():
        if one.name == "self":
            continue
        default = None if one.default is one.empty else one.default
        described.append([one.name, one.kind.name, default])
    return described


def keywords(kind):
    """What the constructor takes out of **kwargs."""
    return sorted(set(re.findall(r'kwargs\.pop\("(\w+)"', inspect.getsource(kind.__init__))))


def class_described(kind):
    members = {name: vars(kind)[name] for name in public(vars(kind))}
    constants = {name: value for name, value in members.items() if isinstance(value, int)}
    methods = {name: parameters(value) for name, value in members.items() if inspect.isfunction(value)}
    return {
        "init": parameters(kind.__init__),
        "keywords": keywords(kind),
        "constants": constants,
        "methods": methods,
        "others": sorted(members.keys() - constants.keys() - methods.keys()),
    }


def described(thing):
    if inspect.isclass(thing):
        return {"class": class_described(thing)}
    if inspect.isfunction(thing):
        return {"function": parameters(thing)}
    return {"hex": thing.hex()}


def refused(package, kinds, client):
    """Those of the calls that raise TypeError for a keyword they do not know."""
    calls = {kind: lambda kind=kind: getattr(package, kind)("some", colour=1) for kind in kinds}
    calls["ArduinoCloudClient"] = lambda: package.ArduinoCloudClient("device", "device", "key", colour=1)
    calls["register"] = lambda: client.register("some", colour=1)
    calls["start"] = lambda: client.start(colour=1)
    calls["update"] = lambda: client.update(colour=1)
    calls["update_systime"] = lambda: client.update_systime(colour=1)
    return sorted(name for name, call in calls.items() if raises_type_error(call))


def raises_type_error(call):
    try:
        call()
    except TypeError:
        return True
    return False


def main():
    import arduino_iot_cloud as package

    things = {name: getattr(package, name) for name in public(dir(package))}
    names = {name: things[name] for name in things if not isinstance(things[name], types.ModuleType)}
    client = package.ArduinoCloudClient("device", "device", "password")
    parts = {}
    for name, thing in names.items():
        if inspect.isclass(thing) and issubclass(thing, package.ArduinoCloudObject):
            value = thing("some").value
            parts[name] = sorted(value) if isinstance(value, dict) else []
    print(
        json.dumps(
            {
                "modules": sorted(things.keys() - names.keys()),
                "names": {name: described(thing) for name, thing in names.items()},
                "parts": parts,
                "refused": refused(package, parts, client),
                "attributes": {
                    "ArduinoCloudClient": public(vars(client)),
                    "ArduinoCloudObject": public(vars(package.ArduinoCloudObject("some"))),
                },
            }
        )
    )


if __name__ == "__main__":
    main()
