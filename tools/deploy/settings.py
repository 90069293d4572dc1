"""The board's secrets.py: from this folder, or from what the person before the board tells."""

import ast
import re
from pathlib import Path

from . import DeployError

NAME = "secrets.py"
WHERE = """\
The board needs your Wi-Fi, and the Device ID and the Secret Key of its device in the Arduino Cloud. Both are
shown when you add the device there as a manual one: https://app.arduino.cc/devices. Note the key: it is not
shown again."""


def choose(person, board, again):
    """{"secrets.py": content, …} to put onto a board, {} to keep what it has.

    again: ask for the settings although it has some.
    """
    on_board = NAME in board.names()
    if Path(NAME).is_file():
        here = _of_this_folder()
        if on_board and not board.differing({NAME: here[NAME]}):
            return here
        question = f"Use the {NAME} of this folder?"
        if on_board:
            question = f"The board's {NAME} is another than that of this folder. Replace it?"
        if person.agrees(question, default=not on_board):
            return here
    if on_board and not (again and person.agrees(f"Replace the board's {NAME} by what you will answer?")):
        return {}
    return {NAME: _told_by(person, board.password)}


def names_password(content):
    """Whether a secrets.py has one for the page."""
    return re.search(rb"^DASHBOARD_PASSWORD *=", content, re.M)


def _told_by(person, password):
    print(WHERE)
    settings = {
        "WIFI_SSID": person.tells("Wi-Fi name:", needed=True),
        "WIFI_PASS": person.tells("Wi-Fi password (stays hidden; none for an open Wi-Fi):", hidden=True),
        "DEVICE_ID": person.tells("Device ID:", needed=True),
        "SECRET_KEY": person.tells("Secret Key (stays hidden):", hidden=True, needed=True),
    }
    if password:
        settings["DASHBOARD_PASSWORD"] = password
    return "".join(f"{name} = {value!r}\n" for name, value in settings.items()).encode()


def _of_this_folder():
    """secrets.py with the certificate that its CLOUD_CA names."""
    content = Path(NAME).read_bytes()
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 1)
        raise DeployError(f"The {NAME} of this folder is not valid Python: look at line {line}.") from None
    files = {NAME: content}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name("CLOUD_CA")], value=ast.Constant(str(name))):
                if not Path(name).is_file():
                    raise DeployError(f"CLOUD_CA in {NAME} names {name}, which is not in this folder.")
                files[name] = Path(name).read_bytes()
    return files
