"""`python -m tools.template`: a dashboard of the Arduino Cloud for the board, and back."""

import argparse
import shlex
import sys
from pathlib import Path

from tools.cloud.files import BadFile, write_whole

from . import board, cloud
from .form import checked
from .reading import read

ABOUT = """\
Turns a dashboard of the Arduino Cloud (a template in YAML or JSON, or the REST API's answer) into the board's
dashboard.json; with --export, turns that into a template for `arduino-cloud-cli dashboard create`."""


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools.template", description=ABOUT)
    parser.add_argument("file", type=Path)
    parser.add_argument("--export", action="store_true", help="from dashboard.json to a template")
    parser.add_argument(
        "--thing", metavar="ID", help="take only what this Thing has; with --export, it has all the variables"
    )
    parser.add_argument(
        "--variables",
        type=Path,
        metavar="FILE",
        help="the names to check: a JSON list, or the answer of the board's /api/variables",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="dashboard.json; with --export template.yaml, or .json",
    )
    options = parser.parse_args()
    options.output = options.output or Path("template.yaml" if options.export else "dashboard.json")
    return options


def names_in(file):
    """The names in a list of names or descriptions, or of an object by name."""
    content = read(file)
    if isinstance(content, (list, dict)):
        names = [item.get("name") if isinstance(item, dict) else item for item in content]
        if all(isinstance(name, str) for name in names):
            return names
    raise BadFile(f"{file} must hold a list of names, or the board's answer to /api/variables")


def convert(options, note):
    """Returns what is to be written, and what to say of it."""
    file, output = options.file, options.output
    if output.resolve() == file.resolve():
        raise BadFile(f"{file} would be overwritten; name another file with -o")
    dashboard = checked(read(file), file, note)
    if not options.export:
        dashboard = board.of_thing(dashboard, options.thing, file, note)
    if options.variables:
        board.check_names(dashboard, names_in(options.variables), note)
    count = len(dashboard.widgets)
    written = f"{output}: {count} widget{'s' if count != 1 else ''}"
    if not options.export:
        content = board.encode(dashboard, note)
        return content, f"{written}, {len(content):,} bytes"
    document, overrides = cloud.template(dashboard, options.thing, file)
    content = cloud.encode(document, output.suffix == ".json")
    return (
        content,
        f"{written}; it becomes a dashboard in the cloud by\n  {_command(output, document, overrides)}",
    )


def _command(output, document, overrides):
    command = ["arduino-cloud-cli", "dashboard", "create", "--template", shlex.quote(str(output))]
    if "name" not in document:
        command += ["--name", "NAME"]
    if overrides:
        pairs = (f"{placeholder}={thing or 'ID-OF-THE-THING'}" for placeholder, thing in overrides.items())
        command += ["--override", ",".join(pairs)]
    return " ".join(command)


def main():
    options = parse_arguments()
    notes = []
    try:
        content, written = convert(options, notes.append)
        try:
            write_whole(options.output, content)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise BadFile(f"{options.output} cannot be written: {reason}") from None
    except BadFile as error:
        print(f"tools.template: {error}", file=sys.stderr)
        sys.exit(2)
    for note in notes:
        print(f"tools.template: {note}", file=sys.stderr)
    print(written)


main()
