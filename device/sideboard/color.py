"""Colour: hue, saturation and brightness to RGB, and RGB LEDs by PWM."""

from .compat import log


def hsb_to_rgb(hue, sat, bri):
    """Hue 0-360, saturation and brightness 0-100, to (red, green, blue), each 0.0-1.0.

    The usual HSV cone: https://en.wikipedia.org/wiki/HSL_and_HSV#HSV_to_RGB_alternative
    """
    bri /= 100
    chroma = bri * sat / 100

    def channel(n):
        k = (n + hue / 60) % 6
        return bri - chroma * max(0, min(k, 4 - k, 1))

    return channel(5), channel(3), channel(1)


class RGBLED:
    """An RGB LED on three pins, by PWM; if one of them has none, a colour is rounded to on and off.

    pins: names or numbers of red, green and blue, or Pins. common_cathode: True when a high level lights it,
    False when a low one does (common anode, as most on-board LEDs).
    """

    def __init__(self, red, green, blue, common_cathode=True):
        from machine import Pin

        self._off = off = 0 if common_cathode else 65535
        self._channels = pins = [Pin(pin, Pin.OUT, value=off & 1) for pin in (red, green, blue)]
        try:
            from machine import PWM

            self._channels = [PWM(pin, freq=1000, duty_u16=off) for pin in pins]
        except (ImportError, ValueError):  # stm32 before 1.28; a pin without a timer, or of the Wi-Fi module
            for pin in pins:
                pin.init(Pin.OUT, value=off & 1)
            log.info("The RGB LED's pins have no PWM: colours are rounded to on and off")
        self._dims = self._channels is not pins

    def show(self, red, green, blue):
        """Each 0.0-1.0."""
        half = max(red, green, blue) / 2  # what is brighter is on, so that a dim light is not dark
        for channel, level in zip(self._channels, (red, green, blue)):
            if self._dims:
                channel.duty_u16(round(max(0, min(level, 1)) * 65535) ^ self._off)
            else:
                channel.value((level > half) ^ (self._off & 1))
