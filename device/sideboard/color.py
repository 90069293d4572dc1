"""Colour: hue, saturation and brightness to RGB, and RGB LEDs by PWM."""

from .errors import log


def hsb_to_rgb(hue, sat, bri):
    """Hue 0-360, saturation and brightness 0-100, to (red, green, blue), each 0.0-1.0.

    The usual HSV cone: https://en.wikipedia.org/wiki/HSL_and_HSV#HSV_to_RGB_alternative
    """
    bri /= 100
    chroma = bri * sat / 100
    channels = ()
    for n in (5, 3, 1):
        k = (n + hue / 60) % 6
        channels += (bri - chroma * max(0, min(k, 4 - k, 1)),)
    return channels


class RGBLED:
    """An RGB LED on three pins, by PWM; if one of them has none, a colour is rounded to on and off.

    pins: names or numbers of red, green and blue, or Pins. common_cathode: True when a high level lights it,
    False when a low one does (common anode, as most on-board LEDs).
    """

    def __init__(self, red, green, blue, common_cathode=True):
        from machine import Pin

        off = not common_cathode
        channels = []
        self._full = 65535  # the duty of a pin that is always high
        try:
            from machine import PWM

            for pin in (red, green, blue):
                pin = Pin(pin, Pin.OUT, value=off)
                channels.append(PWM(pin, freq=1000, duty_u16=off * 65535).duty_u16)
        except (ImportError, ValueError):  # stm32 before 1.28; a pin without a timer, or of the Wi-Fi module
            channels = []
            for pin in (red, green, blue):
                channels.append(Pin(pin, Pin.OUT, value=off).value)
            self._full = 1
            log.info("The RGB LED's pins have no PWM: colours are rounded to on and off")
        self._set = channels
        self._off = off * self._full

    def show(self, red, green, blue):
        """Each 0.0-1.0."""
        half = max(red, green, blue) / 2  # what is brighter is on, so that a dim light is not dark
        for channel, level in zip(self._set, (red, green, blue)):
            if self._full == 1:
                level = level > half
            channel(round(max(0, min(level, 1)) * self._full) ^ self._off)
