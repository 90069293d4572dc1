"""The Arduino Cloud's part behind mosquitto, played by a test step by step."""

from mqtt_device import Device

from tools.cloud import pack


class Thing(Device):
    """A client of the broker that hears all that the board says, and speaks for any Thing."""

    def __init__(self, mosquitto):
        super().__init__(mosquitto, "thing", keep_alive=0)
        self._board = mosquitto.secrets["DEVICE_ID"].decode()
        self.heard = []  # the topics of all messages
        for topic in ("/a/t/+/e/o", "/a/t/+/shadow/o", "/a/d/+/c/up"):
            self.subscribe(topic)

    def name(self, thing_id):
        """Tells the board its Thing, and whenever it asks again."""
        self.publish(f"/a/d/{self._board}/e/i", pack.encode([("thing_id", thing_id, None)]), retain=True)

    def change(self, thing_id, **values):
        self.publish(f"/a/t/{thing_id}/e/i", pack.encode([(name, values[name], None) for name in values]))

    def tell_last_values(self, thing_id, *records):
        """Answers the board's request for the last values, which it waits for, with (name, value, time)."""
        self.wait_for(f"/a/t/{thing_id}/shadow/o")
        self.publish(f"/a/t/{thing_id}/shadow/i", pack.encode(records, indefinite=True))

    def wait_for(self, topic, timeout=10):
        """The data of the next message there; those before it are only noted."""
        while True:
            came, data = self.receive(timeout)
            self.heard.append(came)
            if came == topic:
                return data

    def values(self, thing_id):
        """What the board pushes next to the Thing: {name: value}."""
        return dict(pack.decode(self.wait_for(f"/a/t/{thing_id}/e/o")))
