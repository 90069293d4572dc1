"""make fuzz: `python tests/fuzz [--minutes 10] [TARGET …]` tries inputs on all parsers of the board.

Prints inputs and branches of each; what was found is saved in tests/fuzz/corpus, and ends it with 1.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import traceback

import branches
from exploring import CORPUS, ROOT, TARGETS, board_on_path, explore


def main():
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", default=[], choices=[[], *TARGETS])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--record", help="a file for the inputs of one target, each behind its length in 4 bytes"
    )
    parser.add_argument("--inputs", type=int, help="how many to record")
    options = parser.parse_args()
    targets = options.targets or TARGETS
    if options.record:
        with open(options.record, "wb") as file:
            return explore_alone(
                *(targets[0], None, options.seed, options.inputs),
                lambda data: file.write(len(data).to_bytes(4, "big") + data),
            )
    if options.alone:
        return explore_alone(targets[0], options.minutes * 60, options.seed)
    print(f"seed {options.seed}; inputs that fail are saved in {CORPUS.relative_to(ROOT)}", flush=True)
    minutes = options.minutes * (os.cpu_count() or 1) / len(targets)
    command = [sys.executable, __file__, "--alone"]
    waiting, running, failed, total = list(targets), [], False, 0
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            arguments = [waiting.pop(0), "--minutes", str(minutes), "--seed", str(options.seed)]
            running.append(subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True))
        process = running.pop(0)
        output = process.communicate()[0]
        print(output, end="", flush=True)
        failed |= process.returncode != 0
        total += sum(int(line.split()[1].replace(",", "")) for line in output.splitlines()[:1])
    print(f"{'all':10} {total:10,} inputs", flush=True)
    return int(failed)


def explore_alone(name, seconds, seed, inputs=None, tried=None):
    branches.install()
    with board_on_path():
        explorer, data, error = explore(name, seconds, inputs, seed, tried)
    print(f"{name:10} {explorer.inputs:10,} inputs, {explorer.branches():5,} branches and counts", flush=True)
    if data is None:
        return 0
    file = CORPUS / name / hashlib.sha1(data).hexdigest()[:8]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    print(f"FOUND: {file.relative_to(ROOT)}, {data!r:.300}")
    print("".join(traceback.format_exception(error)[-3:]), flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
