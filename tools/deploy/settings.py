"""The board's secrets.py: from this folder, or from what the person before the board tells."""

import ast
from pathlib import Path

from . import DeployError
from .files import sha256

NAME = "secrets.py"
WHERE = """\
The board needs your Wi-Fi, and the Device ID and the Secret Key of its device in the Arduino Cloud. Both are
shown when you add the device there as a manual one: https://app.arduino.cc/devices. Note the key: it is not
shown again."""


def choose(person, on_board, again):
    """{"secrets.py": content, …} to put onto a board, {} to keep what it has.

    on_board: the SHA-256 of the board's secrets.py or None; again: ask for the settings although it has one.
    """
    if Path(NAME).is_file():
        here = _of_this_folder()
        if sha256(here[NAME]) == on_board:
            return here
        question = f"Use the {NAME} of this folder?"
        if on_board:
            question = f"The board's {NAME} is another than that of this folder. Replace it?"
        if person.agrees(question, default=not on_board):
            return here
    if on_board and not (again and person.agrees(f"Replace the board's {NAME} by what you will answer?")):
        return {}
    return {NAME: _told_by(person)}


def _told_by(person):
    print(WHERE)
    settings = {
        "WIFI_SSID": person.tells("Wi-Fi name:", needed=True),
        "WIFI_PASS": person.tells("Wi-Fi password (stays hidden; none for an open Wi-Fi):", hidden=True),
        "DEVICE_ID": person.tells("Device ID:", needed=True),
        "SECRET_KEY": person.tells("Secret Key (stays hidden):", hidden=True, needed=True),
    }
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
