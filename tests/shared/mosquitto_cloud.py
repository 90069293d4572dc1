"""The local cloud with mosquitto for a broker: the Thing is its client, the Thing's id a retained message."""

import asyncio
import functools
import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from mosquitto import Mosquitto  # noqa: E402
from sideboard.mqtt import Session  # noqa: E402
from umqtt.simple import MQTTClient  # noqa: E402

from tools.cloud import broker, pack  # noqa: E402


class Broker:
    """Stands for the local cloud's own."""

    def __init__(self, credentials, thing):
        self._credentials = credentials
        self._thing = thing
        self._came = asyncio.Queue()
        self._publishing = asyncio.Lock()

    async def serve(self, port):
        self._mosquitto = Mosquitto(self._credentials._folder, self._credentials, port).__enter__()
        self._session = Session(
            b"thing",
            "127.0.0.1",
            self._mosquitto.plain_port,
            on_message=lambda *message: self._came.put_nowait(message),
        )
        await self._session.open()
        self._tasks = [asyncio.create_task(work()) for work in (self._session.read, self._take)]
        device = self._credentials.device_id
        for topic in ("/a/t/+/e/o", "/a/t/+/shadow/o", f"/a/d/{device}/c/up"):
            await self._session.subscribe(topic.encode())
        named = pack.encode([("thing_id", self._credentials.thing_id, None)])
        await self.send(f"/a/d/{device}/e/i", named, retain=True)

    async def stop(self):
        for task in self._tasks:
            task.cancel()
        self._session.close()
        self._mosquitto.stop()

    async def send(self, topic, data, retain=False):
        async with self._publishing:
            publish = functools.partial(MQTTClient.publish, self._session)  # ours retains nothing
            await self._session._request(publish, topic.encode(), data, retain, 1)

    async def _take(self):
        while True:
            topic, data = await self._came.get()
            await self._thing.received(topic.decode(), data)


broker.Broker = Broker
runpy.run_module("tools.cloud", run_name="__main__", alter_sys=True)
