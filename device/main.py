"""A lamp in the Arduino Cloud and on the board's own page: a switch with an LED, and a coloured light.

Wi-Fi and the cloud's credentials come from secrets.py. Change pins, variables and callbacks as you like.
"""

import logging

from machine import Pin, Signal
from sideboard import ArduinoCloudClient, ColoredLight, SettingsError
from sideboard.color import RGBLED, hsb_to_rgb

# On-board LEDs of Arduino's boards light when their pin is low. An LED of your own between pin and ground
# lights when it is high: then LED_ACTIVE_LOW = False, and for an RGB one RGB_COMMON_CATHODE = True.
LED_PIN = "LED_BUILTIN"
LED_ACTIVE_LOW = True
RGB_PINS = "LEDR", "LEDG", "LEDB"
RGB_COMMON_CATHODE = False

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

led = Signal(Pin(LED_PIN, Pin.OUT), invert=LED_ACTIVE_LOW)
led.off()
rgb = RGBLED(*RGB_PINS, common_cathode=RGB_COMMON_CATHODE)


def on_switch(client, on):
    led.value(on)
    client["led"] = on


def on_light(client, light):
    rgb.show(*(hsb_to_rgb(light.hue, light.sat, light.bri) if light.swi else (0, 0, 0)))


def main():
    client = ArduinoCloudClient()
    client.register("ledSwitch", type=bool, on_write=on_switch)
    client.register("led", value=False)
    client.register(ColoredLight("light", on_write=on_light))
    client.start()


try:
    main()
except SettingsError as error:
    print("Sideboard:", error)
