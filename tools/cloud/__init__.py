"""A local Arduino Cloud: an MQTT broker, one Thing with one device, and its dashboard."""
