"""Stand-in for a board's machine: pins, PWM, watchdog and resets, beside what MicroPython has here.

The environment's SIDEBOARD_BOARD names a board to stand for: see pinouts.py. SIDEBOARD_INPUTS names a JSON
file of what drives the inputs, {"D4": 0, "A0": 30000}; it is read again and again.
"""

import json
import os
import sys
import time

from umachine import PinBase, idle, mem8, mem16, mem32, time_pulse_us  # noqa: F401

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
SOFT_RESET = 5

_CAUSES = {"power": PWRON_RESET, "reset": HARD_RESET, "watchdog": WDT_RESET, "soft": SOFT_RESET}
_LEDS = "LED_BUILTIN", "LED", "LEDR", "LEDG", "LEDB", "LED_RED", "LED_GREEN", "LED_BLUE"
_NAMES = _LEDS + tuple(["D%d" % n for n in range(14)] + ["A%d" % n for n in range(8)])
_GPIOS = 49
_READ = object()  # stands for an argument that was not given

_pinout = None
_pins_file = os.getenv("SIDEBOARD_PINS")
_shown = None
_frequency = 240000000
_power = None


def _show_pins():
    """Rewrites the file of tools.board --pins when a pin is new or another."""
    global _shown
    if not _pins_file:
        return
    text = json.dumps({str(pin._id): pin._state() for pin in Pin._all.values()})
    if text == _shown:
        return
    _shown = text
    draft = _pins_file + ".new"
    with open(draft, "w") as file:
        file.write(text)
    os.rename(draft, _pins_file)


def _find(id):
    """The key of a pin: the same for all of its names. Raises as boards do."""
    if _pinout:
        return _pinout.find(id)
    if isinstance(id, str):
        if id not in _NAMES:
            raise ValueError('unknown named pin "%s"' % id)
    elif not isinstance(id, int):
        raise TypeError("a pin's id is a str or an int")
    elif not 0 <= id < _GPIOS:
        raise ValueError("invalid pin")
    return id


def _board(names):
    """Pin.board, in which each name here stands for itself, not for its pin."""
    board = type("board", (), {})
    for name in names:
        setattr(board, name, name)
    return board


class Pin(PinBase):
    """A pin by its name or GPIO number, one object for each."""

    IN = 0
    OUT = 1
    OPEN_DRAIN = 2
    ALT = 3
    ALT_OPEN_DRAIN = 4
    ANALOG = 5
    PULL_UP = 1
    PULL_DOWN = 2
    IRQ_FALLING = 1
    IRQ_RISING = 2
    IRQ_LOW_LEVEL = 4
    IRQ_HIGH_LEVEL = 8
    board = _board(_NAMES)
    _all = {}

    def __new__(cls, id, *args, **kwargs):
        if isinstance(id, Pin):
            return id
        key = _find(id)
        if key not in cls._all:
            pin = cls._all[key] = super().__new__(cls)
            pin._key, pin._id, pin._mode, pin._pull, pin._level = key, id, cls.IN, None, 0
            pin._duty, pin._freq = None, 5000  # _duty: None unless a PWM has the pin
        return cls._all[key]

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=0, alt=-1):
        self.init(mode, pull, value=value)

    def __repr__(self):
        return "Pin(%r, mode=%d)" % (self._id, self._mode)

    def init(self, mode=-1, pull=-1, *, value=None, drive=0, alt=-1):
        if value is not None:
            self._level = int(bool(value))
        if mode != -1:
            self.mode(mode)
        if pull != -1:
            self.pull(pull)
        _show_pins()

    def value(self, level=_READ):
        if level is _READ:
            return self._state()["value"]
        self._level = int(bool(level))
        _show_pins()

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    high = on
    low = off

    def toggle(self):
        self.value(not self._level)

    def mode(self, mode=_READ):
        if mode is _READ:
            return self._mode
        if mode not in range(Pin.IN, Pin.ANALOG + 1):
            raise ValueError("invalid pin mode: %s" % mode)
        if _pinout:
            _pinout.check_mode(self._key, mode == Pin.OUT)
        self._mode, self._duty = mode, None
        _show_pins()

    def pull(self, pull=_READ):
        if pull is _READ:
            return self._pull
        if pull not in (None, Pin.PULL_UP, Pin.PULL_DOWN):
            raise ValueError("invalid pin pull: %s" % pull)
        self._pull = pull
        _show_pins()

    def irq(self, handler=None, trigger=IRQ_FALLING | IRQ_RISING, *, priority=1, wake=None, hard=False):
        """Takes a handler, which never runs."""
        if handler is not None and not callable(handler):
            raise ValueError("handler must be None or callable")

    def _state(self):
        if self._duty is not None:
            return {"value": self._duty >> 15, "duty_u16": self._duty}
        if self._mode == Pin.IN:
            return {"value": _driven(self, int(self._pull == Pin.PULL_UP))}
        return {"value": self._level}


def _driven(pin, rest):
    """What an input has: as the file of SIDEBOARD_INPUTS says, or else `rest`."""
    path = os.getenv("SIDEBOARD_INPUTS")
    if not path:
        return rest
    with open(path) as file:
        return json.load(file).get(str(pin._id), rest)


class ADC:
    """The voltage at a pin, none unless something drives it."""

    def __init__(self, pin, **options):
        self._pin = Pin(pin)

    def read_u16(self):
        return _driven(self._pin, 0)


class PWM:
    """PWM on a pin. Another PWM of the same pin goes on where the first was."""

    def __init__(self, dest, *, freq=None, duty_u16=None, duty_ns=None):
        self._pin = Pin(dest)
        if _pinout:
            _pinout.check_pwm(self._pin._key)
        if self._pin._duty is None:
            self._pin._duty = 0
        self.init(freq=freq, duty_u16=duty_u16, duty_ns=duty_ns)

    def __repr__(self):
        return "PWM(%r, freq=%d, duty_u16=%d)" % (self._pin, self.freq(), self.duty_u16())

    def init(self, *, freq=None, duty_u16=None, duty_ns=None):
        if freq is not None:
            self.freq(freq)
        if duty_u16 is not None:
            self.duty_u16(duty_u16)
        if duty_ns is not None:
            self.duty_ns(duty_ns)
        _show_pins()

    def deinit(self):
        self._pin._duty = None
        _show_pins()

    def freq(self, hertz=_READ):
        if hertz is _READ:
            return self._pin._freq
        if not 1 <= _int(hertz) <= 40000000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        self._pin._freq = hertz

    def duty_u16(self, duty=_READ):
        if duty is _READ:
            return self._pin._duty or 0
        if not 0 <= _int(duty) <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self._pin._duty = duty
        _show_pins()

    def duty_ns(self, nanoseconds=_READ):
        period = 1000000000 // self._pin._freq
        if nanoseconds is _READ:
            return self.duty_u16() * period // 65535
        if not 0 <= _int(nanoseconds) <= period:
            raise ValueError("duty_ns must be from 0 to %d" % period)
        self.duty_u16(nanoseconds * 65535 // period)


class Signal:
    """A pin with a polarity; the one that MicroPython has here crashes on what is no pin."""

    def __init__(self, pin, *args, invert=False, **kwargs):
        self._pin = pin if isinstance(pin, Signal) else Pin(pin, *args, **kwargs)
        self._invert = bool(invert)

    def value(self, level=_READ):
        if level is _READ:
            return self._pin.value() ^ self._invert
        self._pin.value(bool(level) ^ self._invert)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)


class RTC:
    """The clock: it shows this computer's and cannot be set."""

    def datetime(self, moment=_READ):
        year, month, day, hour, minute, second, weekday = time.gmtime()[:7]
        if moment is _READ:
            return (year, month, day, weekday, hour, minute, second, time.time_ns() // 1000 % 1000000)
        if len([_int(part) for part in moment]) != 8:
            raise ValueError("requested length 8 but object has length %d" % len(moment))


class WDT:
    """Resets the board when it is not fed in time, even if the script hangs."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError("WDT(%s) doesn't exist" % id)
        if _int(timeout) < 1:
            raise ValueError("WDT timeout too short")
        self._timeout = timeout
        self.feed()

    def feed(self):
        _tell_power(self._timeout)


def reset():
    """Cuts the power for a moment: nothing of the script runs on."""
    _tell_power("reset")
    while True:
        time.sleep(1)


def soft_reset():
    """Ends the script, with its `finally` blocks, and starts it again."""
    _tell_power("soft")
    sys.exit()


def reset_cause():
    return _CAUSES[os.getenv("SIDEBOARD_RESET", "power")]


def unique_id():
    return b"\x02\x00\x00\x51\xde\x0b"


def freq(hertz=_READ):
    global _frequency
    if hertz is _READ:
        return _frequency
    if _int(hertz) not in (80000000, 160000000, 240000000):
        raise ValueError("frequency must be 80MHz, 160Mhz or 240MHz")
    _frequency = hertz


def _int(number):
    if not isinstance(number, int):
        raise TypeError("can't convert %s to int" % type(number).__name__)
    return number


def _tell_power(message):
    """Asks the process that started this one for something, see tools/board/power.py."""
    global _power
    if _power is None:
        _power = open(int(os.getenv("SIDEBOARD_CONTROL")), "wb", 0)
    _power.write("%s\n" % message)


if os.getenv("SIDEBOARD_BOARD"):
    import pinouts

    _pinout = pinouts.of(os.getenv("SIDEBOARD_BOARD"))
    Pin.board = _board(_pinout.names)
    sys.modules["os"] = pinouts.OS(os.getenv("SIDEBOARD_BOARD"))
