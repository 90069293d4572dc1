"""What is in PEM files."""

import base64


def der(pem):
    """What is in a PEM file's one block."""
    return base64.b64decode("".join(pem.bytes().decode().splitlines()[1:-1]))
