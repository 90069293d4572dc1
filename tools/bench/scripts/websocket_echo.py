"""Runs on the board: what microdot alone makes of a WebSocket echo."""

import secrets

from microdot import Microdot
from microdot.websocket import with_websocket

app = Microdot()


@app.get("/ws")
@with_websocket
async def echo(request, socket):
    while True:
        await socket.send(await socket.receive())


print("Echo: starts")
app.run(port=secrets.DASHBOARD_PORT)
