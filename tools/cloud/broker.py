"""The MQTT broker: amqtt behind a TLS listener of our own, with the cloud's rules of who may do what."""

import asyncio
import contextlib
import hmac
import logging
from dataclasses import dataclass
from typing import Any

import amqtt.broker
from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.errors import MQTTError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.plugins.base import BasePlugin

log = logging.getLogger("cloud")

_LISTENER = "default"
_CONNECT_WITHIN = 10  # seconds until a client must have said who it is
_STOP_WITHIN = 0.5  # seconds

logging.getLogger("amqtt").setLevel(logging.CRITICAL)
logging.getLogger("transitions").setLevel(logging.WARNING)


class Broker(amqtt.broker.Broker):
    """Lets in the one device of `credentials`, and tells `thing` what it does.

    thing: has methods connected() and disconnected(), coroutines subscribed(topic) and received(topic, data).
    """

    def __init__(self, credentials, thing):
        self._credentials = credentials
        self._thing = thing
        self._own_topics = (f"/a/d/{credentials.device_id}/", f"/a/t/{credentials.thing_id}/")
        self._connections = []
        self._server = None
        events = {f"{__name__}.Events": {"thing": thing}}
        super().__init__({"listeners": {_LISTENER: {"type": "external"}}, "plugins": events})

    async def serve(self, port):
        """Opens the listener; OSError when the port is not to be had."""
        context = self._credentials.server_context()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, ssl=context)
        await self.start()

    async def stop(self):
        """Closes everything, and waits for no client's consent."""
        self._server.close()
        for connection in self._connections:
            connection.abort()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.shutdown(), _STOP_WITHIN)

    async def send(self, topic, data):
        """Publishes to the subscribers, in the quality of service they asked for."""
        await self.internal_message_broadcast(topic, data)

    async def _accept(self, reader, writer):
        connection = _Writer(writer)
        self._connections.append(connection)
        silence = asyncio.create_task(connection.end_silence())
        try:
            await self.external_connected(_Reader(reader, connection), connection, _LISTENER)
        except Exception as error:  # amqtt raises whatever its parser met
            log.warning("Closed a connection that spoke no MQTT: %r", error)
        finally:
            silence.cancel()
            await connection.close()
            self._connections.remove(connection)
            if connection.session:
                self._thing.disconnected()

    # amqtt itself ends a client's session before it asks the newcomer for the password, and leaves the old
    # connection of a client that came anew open.
    async def _initialize_client_session(self, reader, writer, remote_address, remote_port):
        handler, session = await BrokerProtocolHandler.init_from_connect(reader, writer, self.plugins_manager)
        if not await self._authenticate(session, None):
            log.warning("Refused %s: wrong device id or password", session.client_id)
            await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
            raise MQTTError("not authorized")
        for connection in self._connections:
            if connection.session:
                connection.session = None
                connection.abort()
        await self._delete_session(session.client_id)
        session.clean_session = True
        writer.session = session
        return handler, session

    async def _authenticate(self, session, listener):
        known = self._credentials
        names = (session.client_id, session.username)
        return names == (known.device_id,) * 2 and hmac.compare_digest(
            (session.password or "").encode(), known.password.encode()
        )

    async def _topic_filtering(self, session, topic, action):
        allowed = topic.startswith(self._own_topics)
        if not allowed:
            log.warning("Refused to %s: the topic %s is not the device's", action.value, topic)
        return allowed


class _Reader(StreamReaderAdapter):
    """Tells the connection whenever something came."""

    def __init__(self, reader, connection):
        super().__init__(reader)
        self._connection = connection

    async def read(self, n=-1):
        data = await super().read(n)
        self._connection.heard = asyncio.get_running_loop().time()
        return data


class _Writer(StreamWriterAdapter):
    """A client's connection. session: amqtt's, once the client is let in."""

    def __init__(self, writer):
        super().__init__(writer)
        self.session = None
        self.heard = asyncio.get_running_loop().time()

    async def close(self):
        """Closes without waiting for the other side, which may be gone."""
        self.is_closed = True
        self._writer.close()

    def abort(self):
        self.is_closed = True
        self._writer.transport.abort()

    async def end_silence(self):
        """Cuts off a client that is silent for one and a half times its keep-alive (MQTT-3.1.2-24)."""
        loop = asyncio.get_running_loop()
        while True:
            limit = self.session.keep_alive * 1.5 if self.session else _CONNECT_WITHIN
            if not limit:
                return
            left = self.heard + limit - loop.time()
            if left <= 0:
                return self.abort()
            await asyncio.sleep(min(left, 1))


class Events(BasePlugin):
    """What the device did, as amqtt tells it, handed on to the Thing."""

    @dataclass
    class Config:
        """thing: see Broker."""

        thing: Any

    def __init__(self, context):
        super().__init__(context)
        self._thing = context.config.thing

    async def on_broker_client_connected(self, **event):
        self._thing.connected()

    async def on_broker_client_subscribed(self, topic, **event):
        await self._thing.subscribed(topic)

    async def on_broker_message_broadcast(self, message, **event):
        try:
            await self._thing.received(message.topic, bytes(message.data))
        except Exception:  # amqtt would drop it without a word
            log.exception("A message of the device on %s failed", message.topic)
