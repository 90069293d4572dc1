"""Colours, and what an RGB LED's pins do to show them."""

import sys

from sideboard.color import RGBLED, hsb_to_rgb

PRIMARY = (
    (0, (1, 0, 0)),
    (60, (1, 1, 0)),
    (120, (0, 1, 0)),
    (180, (0, 1, 1)),
    (240, (0, 0, 1)),
    (300, (1, 0, 1)),
    (360, (1, 0, 0)),
)


def near(color, expected):
    return all(abs(one - other) < 1e-6 for one, other in zip(color, expected))


def test_hues_are_the_colours_of_the_rainbow():
    for hue, color in PRIMARY:
        assert near(hsb_to_rgb(hue, 100, 100), color), hue


def test_hues_between_are_mixed():
    assert near(hsb_to_rgb(30, 100, 100), (1, 0.5, 0))
    assert near(hsb_to_rgb(210, 100, 100), (0, 0.5, 1))


def test_colour_without_saturation_is_grey():
    for hue in range(0, 361, 45):
        assert near(hsb_to_rgb(hue, 0, 40), (0.4, 0.4, 0.4))


def test_less_saturation_adds_white():
    assert near(hsb_to_rgb(0, 25, 100), (1, 0.75, 0.75))


def test_brightness_scales_all():
    assert near(hsb_to_rgb(240, 50, 50), (0.25, 0.25, 0.5))
    assert hsb_to_rgb(77, 100, 0) == (0, 0, 0)


def test_every_colour_is_within_the_range():
    for hue in range(361):
        for sat in (0, 0.1, 33.3, 100):
            color = hsb_to_rgb(hue, sat, 100)
            assert all(-1e-6 <= level <= 1 + 1e-6 for level in color) and abs(max(color) - 1) < 1e-6


class Pin:
    OUT = 1
    all = {}

    def __init__(self, name, mode, value):
        self.name = name
        self.all[name] = self
        self.init(mode, value=value)

    def init(self, mode, value):
        self.value(value)

    def value(self, level):
        self.level = level


class PWM:
    duties = {}

    def __init__(self, pin, freq, duty_u16):
        if pin.name == "no PWM":
            raise ValueError("expecting a regular GPIO Pin")
        self._pin = pin.name
        self.duty_u16(duty_u16)

    def duty_u16(self, duty):
        self.duties[self._pin] = duty


class Machine:
    """Stands for the module `machine`."""

    Pin = Pin
    PWM = PWM


class MachineWithoutPWM:
    """As on an STM32 before MicroPython 1.28."""

    Pin = Pin


def show(pins, levels, machine=Machine, common_cathode=True):
    before = sys.modules.get("machine")
    sys.modules["machine"] = machine
    try:
        led = RGBLED(*pins, common_cathode=common_cathode)
        if levels:
            led.show(*levels)
    finally:
        sys.modules.pop("machine")
        if before:
            sys.modules["machine"] = before


def duties(*levels, common_cathode=True):
    """The duties of the pins R, G and B; without levels, of an LED that was just made."""
    show("RGB", levels, common_cathode=common_cathode)
    return PWM.duties["R"], PWM.duties["G"], PWM.duties["B"]


def rounded(*levels, pins="RGB", machine=MachineWithoutPWM, common_cathode=True):
    """The levels of pins without PWM."""
    show(pins, levels, machine, common_cathode)
    return tuple(int(Pin.all[pin].level) for pin in pins)


def test_led_is_dark_at_the_start():
    assert duties() == (0, 0, 0)
    assert duties(common_cathode=False) == (65535, 65535, 65535)


def test_led_shows_each_channel():
    assert duties(1, 0.5, 0) == (65535, 32768, 0)


def test_led_with_common_anode_is_lit_by_a_low_level():
    assert duties(1, 0.5, 0, common_cathode=False) == (0, 32767, 65535)


def test_level_out_of_range_is_the_nearest_within():
    assert duties(1.5, -1, 1.0000001) == (65535, 0, 65535)


def test_led_without_pwm_is_dark_at_the_start():
    assert rounded() == (0, 0, 0)
    assert rounded(common_cathode=False) == (1, 1, 1)


def test_led_without_pwm_shows_the_nearest_of_eight_colours():
    assert rounded(1, 0.4, 0) == (1, 0, 0)
    assert rounded(1, 0.6, 0) == (1, 1, 0)
    assert rounded(0, 0.6, 1, common_cathode=False) == (1, 0, 0)
    assert rounded(0, 0, 0) == (0, 0, 0)


def test_dim_light_without_pwm_is_not_dark():
    assert rounded(0.1, 0.01, 0.1) == (1, 0, 1)


def test_one_pin_without_pwm_rounds_all_three():
    assert rounded(0.1, 0.5, 1, pins=("R", "G", "no PWM"), machine=Machine) == (0, 0, 1)
