"""A lamp in the Arduino Cloud and on the board's own page: a switch with an LED, and a coloured light.

Wi-Fi and the cloud's credentials come from secrets.py. Change pins, variables and callbacks as you like.
"""

import logging

import boards
from sideboard import ArduinoCloudClient, ColoredLight, SettingsError
from sideboard.color import hsb_to_rgb

# None: the board's own LEDs, which boards.py knows. For LEDs of your own name their pins, for example
# LED_PIN = "D5" or 16, and RGB_PINS = "D9", "D10", "D11", and the level that lights them: 1 when an LED is
# between pin and ground, 0 when it is between pin and supply.
LED_PIN = None
LED_ON = 1
RGB_PINS = None
RGB_ON = 1

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")


def on_switch(client, on):
    led.value(on)
    client["led"] = on


def on_light(client, light):
    rgb.show(*(hsb_to_rgb(light.hue, light.sat, light.bri) if light.swi else (0, 0, 0)))


try:
    led = boards.led(LED_PIN, LED_ON)
    rgb = boards.rgb(RGB_PINS, RGB_ON)
    client = ArduinoCloudClient()
    client.register("ledSwitch", type=bool, on_write=on_switch)
    client.register("led", value=False)
    client.register(ColoredLight("light", on_write=on_light))
    client.start()
except SettingsError as error:
    print("Sideboard:", error)
