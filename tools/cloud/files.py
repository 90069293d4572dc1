"""Files the cloud keeps: read with a clear complaint, written whole or not at all."""

import json
import os


class BadFile(Exception):
    """A file that cannot be used; the message is a sentence for who wrote it."""


def read_json(file, kind):
    """What the file holds, which must be a `kind` (list or dict); None when there is no such file."""
    try:
        content = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadFile(f"{file} is not JSON: {error}") from None
    if not isinstance(content, kind):
        wanted = "a list" if kind is list else "an object"
        raise BadFile(f"{file} must hold {wanted}")
    return content


def write_whole(file, content, private=False):
    """Replaces the file in one step, so that a reader and a power cut see the old content or the new."""
    new = file.with_name(file.name + ".new")
    mode = 0o600 if private else 0o644
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(content)
    os.replace(new, file)
