"""Runs on the board: what microdot alone makes of a WebSocket echo, and of sending the page's bytes."""

import secrets

import microdot
from microdot.websocket import with_websocket

FOLDER = microdot.__file__.rsplit("/", 2)[0]

app = microdot.Microdot()


@app.get("/ws")
@with_websocket
async def echo(request, socket):
    while True:
        await socket.send(await socket.receive())


@app.get("/")
async def page(request):
    return microdot.Response.send_file(FOLDER + "/page.html.gz", content_type="text/html", compressed=True)


print("Serves")
app.run(port=secrets.DASHBOARD_PORT)
