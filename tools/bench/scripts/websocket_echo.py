"""Runs on the board: what microdot alone makes of a WebSocket echo.

Told CLOUD_PORT, it holds a TLS connection there open beside it, as a board that is linked does.
"""

import asyncio
import secrets
import ssl

from microdot import Microdot
from microdot.websocket import with_websocket

app = Microdot()


@app.get("/ws")
@with_websocket
async def echo(request, socket):
    while True:
        await socket.send(await socket.receive())


async def hold_connection(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(b"")
    await reader.read(1)


async def main():
    if hasattr(secrets, "CLOUD_PORT"):
        asyncio.create_task(hold_connection(secrets.CLOUD_PORT))
    await app.start_server(port=secrets.DASHBOARD_PORT)


print("Echo: starts")
asyncio.run(main())
