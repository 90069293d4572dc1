"""Colour: hue, saturation and brightness to RGB, and RGB LEDs by PWM."""


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
    """An RGB LED on three PWM pins.

    pins: names or numbers of red, green and blue. common_cathode: True when a high level lights it,
    False when a low one does (common anode, as most on-board LEDs).
    """

    def __init__(self, red, green, blue, common_cathode=True):
        from machine import PWM, Pin

        self._common_cathode = common_cathode
        self._channels = [PWM(Pin(pin), freq=1000, duty_u16=self._duty(0)) for pin in (red, green, blue)]

    def show(self, red, green, blue):
        """Each 0.0-1.0."""
        for channel, level in zip(self._channels, (red, green, blue)):
            channel.duty_u16(self._duty(level))

    def _duty(self, level):
        duty = min(65535, max(0, round(level * 65535)))
        return duty if self._common_cathode else 65535 - duty
