"""`python -m tools.bench`: measures, prints one table, writes bench.json, and fails over a limit."""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tools import ROOT

from . import bad_wifi, cloud_trip, collection, growing, idle, page_trip, senml, silence, sizes, soak, wire
from .report import as_json, table

MEASUREMENTS = {
    "cloud": cloud_trip.measure,
    "silence": silence.measure,
    "wire": wire.measure,
    "page": page_trip.measure,
    "wifi": bad_wifi.measure,
    "growth": growing.measure,
    "heap": sizes.measure_heap,
    "flash": sizes.measure_flash,
    "soak": soak.measure,
    "idle": idle.measure,
    "collection": collection.measure,
    "senml": senml.measure,
}


def arguments():
    parser = argparse.ArgumentParser("python -m tools.bench", description=__doc__.partition(": ")[2])
    parser.add_argument("name", nargs="*", help=f"what to measure, of {', '.join(MEASUREMENTS)} (all)")
    parser.add_argument("--soak-seconds", type=int, default=20, metavar="N", help="how long to soak (20)")
    options = parser.parse_args()
    options.growth = None  # curves, once they are measured
    for name in options.name:
        if name not in MEASUREMENTS:
            parser.error(f"{name} is none of {', '.join(MEASUREMENTS)}")
    return options


def main():
    options = arguments()
    rows, failed = [], []
    for name in options.name or MEASUREMENTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                rows += MEASUREMENTS[name](Path(folder), options)
        except Exception:  # the others go on
            traceback.print_exc()
            failed.append(name)
        print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{table(rows)}")
    (ROOT / "bench.json").write_text(as_json(rows, options.growth) + "\n")
    if failed:
        print(f"\nNot measured: {', '.join(failed)}")
    sys.exit(bool(failed) or any(row.over for row in rows))


main()
