"""Local clouds with either broker."""

from tools.processes import ROOT, Cloud


class MosquittoCloud(Cloud):
    program = (ROOT / "tests" / "mosquitto_cloud.py",)


CLOUDS = {"amqtt": Cloud, "mosquitto": MosquittoCloud}
