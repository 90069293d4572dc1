"""`python -m tools.cloud`: runs the local cloud until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import errno
import logging
import signal
import socket
import sys
from pathlib import Path

from sideboard.compat import root_logger
from sideboard.dashboard import Dashboard
from sideboard.log import Log
from sideboard.variables import Registry

from .broker import Broker
from .credentials import Credentials
from .files import BadFile
from .thing import Thing
from .variables import Memory, variables_in


class Unusable(Exception):
    """A setting that cannot be used; the message is a sentence for who gave it."""


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools.cloud", description="A local Arduino Cloud.")
    parser.add_argument("--http-port", type=int, required=True, metavar="N", help="its dashboard's port")
    parser.add_argument("--mqtt-port", type=int, required=True, metavar="M", help="its MQTT port (TLS)")
    parser.add_argument("--dir", type=Path, required=True, help="folder for secrets.py and what it keeps")
    parser.add_argument("--thing", type=Path, metavar="FILE", help="JSON file that describes the variables")
    return parser.parse_args()


def check_free(option, port):
    """Raises Unusable unless a server may listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            used = getattr(error, "errno", None) == errno.EADDRINUSE
            raise Unusable(f"{option} {port}: {'the port is in use' if used else error}") from None


def open_dashboard(registry, port, folder):
    """A dashboard whose port is open, and which keeps its layout in the folder."""
    dashboard = Dashboard(registry, port, "127.0.0.1", folder=f"{folder}/")
    try:
        dashboard.open_port()
        root_logger().addHandler(Log(dashboard))
        return dashboard
    except OSError as error:
        raise Unusable(f"--http-port {port}: the dashboard cannot listen on it ({error})") from None


async def run(options):
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    credentials = Credentials(options.dir)
    registry = Registry()
    registry.set_status(title="Arduino Cloud (local)", board="offline", error=None, version=None)
    for variable in variables_in(options.thing) if options.thing else ():
        registry.add(variable)
    memory = Memory(options.dir / "variables.json", registry)
    memory.recall()
    check_free("--http-port", options.http_port)
    check_free("--mqtt-port", options.mqtt_port)
    thing = Thing(credentials, registry)
    broker = Broker(credentials, thing)
    thing.send = broker.send
    await broker.serve(options.mqtt_port)
    dashboard = open_dashboard(registry, options.http_port, options.dir)
    dashboard.keep_history()
    tasks = [asyncio.create_task(work) for work in (thing.run(), memory.run(), dashboard.let_in())]
    credentials.save(options.mqtt_port)
    print(
        f"ready: dashboard http://127.0.0.1:{options.http_port}/, MQTT 127.0.0.1:{options.mqtt_port},"
        f" board's settings {options.dir / 'secrets.py'}",
        flush=True,
    )
    await stop.wait()
    await broker.stop()
    for task in tasks:
        task.cancel()
    memory.save()
    if registry.history:
        await registry.history.write()


def main():
    options = parse_arguments()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    try:
        asyncio.run(run(options))
    except (BadFile, Unusable) as error:
        print(f"tools.cloud: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"tools.cloud: --dir {options.dir}: {error}", file=sys.stderr)
        sys.exit(2)


main()
