"""Local clouds with either broker, and one for a device with a certificate."""

from pathlib import Path

from tools.local import Cloud

HERE = Path(__file__).resolve().parent


class MosquittoCloud(Cloud):
    program = (HERE / "mosquitto_cloud.py",)


class MutualCloud(Cloud):
    program = (HERE / "mutual_cloud.py",)


CLOUDS = {"amqtt": Cloud, "mosquitto": MosquittoCloud}
