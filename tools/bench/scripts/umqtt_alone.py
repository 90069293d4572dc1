"""Runs on the board: umqtt alone sends each message of the cloud back, as another variable's.

`ask` becomes `ans`, in the bytes as they came.
"""

import secrets
import sys

import tls
from umqtt.simple import MQTTClient

IPPROTO_TCP, TCP_NODELAY = 6, 1


class ussl:
    """umqtt 1.3.4 knows MicroPython's ssl by its old name."""

    @staticmethod
    def wrap_socket(socket):
        socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        context.verify_mode = tls.CERT_NONE
        return context.wrap_socket(socket)


def take(topic, message):
    if topic == DEVICE_TOPIC:  # the Thing's id is the end of it
        client.thing = b"/a/t/" + message[-36:] + b"/e/"
    else:
        client.publish(client.thing + b"o", message.replace(b"ask", b"ans"))


sys.modules["ussl"] = ussl
DEVICE_TOPIC = b"/a/d/" + secrets.DEVICE_ID + b"/e/i"
client = MQTTClient(
    secrets.DEVICE_ID,
    secrets.CLOUD_SERVER,
    secrets.CLOUD_PORT,
    secrets.DEVICE_ID,
    secrets.SECRET_KEY,
    ssl=True,
)
client.set_callback(take)
client.connect()
client.subscribe(DEVICE_TOPIC)
client.wait_msg()
client.subscribe(client.thing + b"i")
print("Echoes")
while True:
    client.wait_msg()
