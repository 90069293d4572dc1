"""Runs histories: `python -m tests.simulation --from 0 --count 1000 --jobs 2`, or one: `--seed 17`."""

import argparse
import collections
import functools
import multiprocessing
import os
import sys
import time

import tools  # noqa: F401 - the board's code comes onto the path
from tests.simulation.history import draw, explain, run


def outcome(seed, but):
    failure = run(*draw(seed), but)
    return seed, failure and failure.kind, str(failure or "")


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="runs this one, and shrinks it if it fails")
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, help="as many as fit, instead of --count")
    parser.add_argument("--explain", type=int, default=3, help="so many failures of each kind are shrunk")
    parser.add_argument("--ignore", action="append", default=[], help="a kind of failure: 'stored late', …")
    options = parser.parse_args()
    if options.seed is not None:
        print(explain(options.seed, options.ignore))
        return 0
    seeds = range(options.first, sys.maxsize if options.minutes else options.first + options.count)
    start = time.monotonic()
    failed = collections.defaultdict(list)
    count = 0
    with multiprocessing.Pool(options.jobs) as pool:
        for seed, kind, text in pool.imap_unordered(
            functools.partial(outcome, but=options.ignore), seeds, 20
        ):
            count += 1
            if kind:
                failed[kind].append((seed, text))
            if options.minutes and time.monotonic() - start > options.minutes * 60:
                break
        pool.terminate()
    seconds = time.monotonic() - start
    for kind in failed:
        for seed, _ in sorted(failed[kind])[: options.explain]:
            print(explain(seed, options.ignore))
    print(f"{count} histories from {options.first} on, {count / seconds:.0f} a second:", end=" ")
    print(", ".join(f"{kind} {len(seeds)}" for kind, seeds in failed.items()) or "all hold")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
