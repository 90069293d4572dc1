"""The boards that the simulated one can stand for: os.uname() and the pins, as named since MicroPython 1.22.

Newer firmware knows more names: what works with these works with every version. Most of an STM32's are left
out, as here they take RAM. The environment's SIDEBOARD_BOARD tells the board by its os.uname().machine, like
"Arduino GIGA R1 WiFi with STM32H747".
"""

import os
import sys


class Pinout:
    """The pins of a board, and what it says of others.

    names: of its pins, each with that of the processor's pin; cpu: those of the latter that are good as well;
    gpios: the numbers that are; inputs: processor's pins that are no outputs; no_pwm: those without PWM.
    unknown and refusal: what Pin says of another name, and PWM of those without.
    """

    def __init__(self, names, cpu=(), gpios=(), inputs=(), no_pwm=(), unknown="invalid pin", refusal=""):
        self.names = names
        self._cpu = cpu
        self._gpios = gpios
        self._inputs = inputs
        self._no_pwm = no_pwm
        self._unknown = unknown
        self._refusal = refusal

    def find(self, id):
        """What a pin is to the processor; raises as the board does."""
        if isinstance(id, str):
            if id in self.names:
                return self.names[id]
            if id in self._cpu:
                return id
            raise ValueError(self._unknown % id if "%" in self._unknown else self._unknown)
        if not isinstance(id, int) or not self._gpios:
            raise TypeError("can't convert '%s' object to str implicitly" % type(id).__name__)
        if id not in self._gpios:
            raise ValueError("invalid pin")
        return "GPIO%d" % id

    def check_mode(self, pin, is_output):
        if is_output and pin in self._inputs:
            raise ValueError("pin can only be input")

    def check_pwm(self, pin):
        if pin in self._no_pwm:
            raise ValueError(self._refusal % pin if "%" in self._refusal else self._refusal)


def _gpios(names, numbers):
    return {name: "GPIO%d" % number for name, number in zip(names.split(), numbers)}


def _stm32(red, green, blue):
    names = {"LED_RED": red, "LED_GREEN": green, "LED_BLUE": blue}
    for name in "PA8 PB8 PC6 PC7 PD15 PG7 PJ11 PK1".split():
        names[name] = name
    refusal = "Pin(%s) doesn't have PWM capabilities"
    return Pinout(names, no_pwm=(red, green, blue), unknown="Pin(%s) doesn't exist", refusal=refusal)


def _rp2(names, gpios, module):
    """module: pins of the Wi-Fi module by names, which are external to the processor."""
    names.update(module)
    module = set(module.values())
    cpu = ["GPIO%d" % n for n in gpios] + list(module)
    unknown, refusal = 'unknown named pin "%s"', "expecting a regular GPIO Pin"
    return Pinout(names, cpu, gpios, no_pwm=module, unknown=unknown, refusal=refusal)


def _nano_rp2040():
    names = "TX RX D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 LED A0 A1 A2 A3 SDA SCL"
    numbers = 0, 1, 25, 15, 16, 17, 18, 19, 20, 21, 5, 7, 4, 6, 6, 26, 27, 28, 29, 12, 13
    module = "LED_RED LED_GREEN LED_BLUE A4 A5 A6 A7".split()
    module = {name: "EXT_GPIO%d" % n for n, name in enumerate(module)}
    return _rp2(_gpios(names, numbers), range(30), module)


def _pico_w():
    numbers = list(range(23)) + [26, 27, 28]
    module = {"LED": "EXT_GPIO0", "WL_GPIO0": "EXT_GPIO0", "WL_GPIO1": "EXT_GPIO1", "WL_GPIO2": "EXT_GPIO2"}
    return _rp2({"GP%d" % n: "GPIO%d" % n for n in numbers}, range(30), module)


def _nano_esp32():
    names = "D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 A0 A1 A2 A3 A4 A5 A6 A7"
    names += " LED_BUILTIN LED_RED LED_GREEN LED_BLUE"
    numbers = 44, 43, 5, 6, 7, 8, 9, 10, 17, 18, 21, 38, 47, 48, 1, 2, 3, 4, 11, 12, 13, 14, 48, 46, 0, 45
    return Pinout(_gpios(names, numbers), gpios=list(range(22)) + list(range(26, 49)))


def _esp32():
    gpios = [n for n in range(40) if n not in (20, 24, 28, 29, 30, 31)]
    return Pinout({}, gpios=gpios, inputs=("GPIO34", "GPIO35", "GPIO36", "GPIO37", "GPIO38", "GPIO39"))


_BOARDS = {
    "Arduino GIGA R1 WiFi": lambda: _stm32("PI12", "PJ13", "PE3"),
    "Arduino Portenta H7": lambda: _stm32("PK5", "PK6", "PK7"),
    "Arduino Nano ESP32": _nano_esp32,
    "Arduino Nano RP2040 Connect": _nano_rp2040,
    "Raspberry Pi Pico W": _pico_w,
    "Raspberry Pi Pico 2 W": _pico_w,
    "Generic ESP32 module": _esp32,
}


def of(machine):
    """The pinout of the board whose os.uname().machine this is; of an unknown one, GPIOs without names."""
    for name, make in _BOARDS.items():
        if machine.startswith(name):
            return make()
    return Pinout({}, gpios=range(30))


class OS:
    """The module os of such a board."""

    def __init__(self, machine):
        self._machine = machine

    def __getattr__(self, name):
        return getattr(os, name)

    def uname(self):
        return Uname(self._machine)


class Uname:
    sysname = nodename = "simulated"
    release = "%d.%d.%d" % sys.implementation.version[:3]
    version = sys.version

    def __init__(self, machine):
        self.machine = machine
