"""The simulated board's modules, each seen from a script that runs on it."""

import json
import time

import pytest
from starting import Boards

from tools.processes import free_port

FAILURE = """
def failure(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
"""


def failures(board, imports, calls):
    """What each call ("function, arguments") raises on the board."""
    lines = board.lines("\n".join([imports, FAILURE, *(f"print(failure({call}))" for call in calls)]))
    return dict(zip(calls, lines, strict=True))


@pytest.fixture
def board(tmp_path):
    boards = Boards(tmp_path)
    yield boards
    boards.end()


# Pins


def pins_of(board, script):
    board.run(script, "--pins", board.folder / "pins.json")
    return json.loads((board.folder / "pins.json").read_text())


def test_pins_file_shows_pins_and_pwm(board):
    script = """
        from machine import Pin, PWM
        Pin("LED_BUILTIN", Pin.OUT).on()
        Pin(3, Pin.OUT, value=1).off()
        PWM(Pin("LEDR", Pin.OUT), freq=1000).duty_u16(65535)
        PWM("LEDG", duty_u16=20)
        PWM("LEDB", duty_u16=20).deinit()
        Pin("D2", Pin.IN, Pin.PULL_UP)
        """
    assert pins_of(board, script) == {
        "LED_BUILTIN": {"value": 1},
        "3": {"value": 0},
        "LEDR": {"value": 1, "duty_u16": 65535},
        "LEDG": {"value": 0, "duty_u16": 20},
        "LEDB": {"value": 0},
        "D2": {"value": 1},
    }


def test_pins_file_is_right_when_the_script_goes_on(board):
    file = board.folder / "pins.json"
    script = """
        import os
        from machine import Pin
        led = Pin("LED", Pin.OUT)
        for value in (1, 0, 1):
            led(value)
            print(open(os.getenv("PINS")).read())
        """
    states = [json.loads(line) for line in board.lines(script, "--pins", file, PINS=str(file))]
    assert states == [{"LED": {"value": value}} for value in (1, 0, 1)]


def test_pin_has_one_state_for_each_name(board):
    script = """
        from machine import Pin
        led = Pin("LED", Pin.OUT)
        again = Pin("LED")
        led.high(); print(led is again, Pin(led) is led, again.value(), again.mode() == Pin.OUT)
        led.low(); print(again())
        led.toggle(); print(again())
        led.init(Pin.IN, Pin.PULL_UP); print(again.pull() == Pin.PULL_UP, again.value())
        """
    assert board.lines(script) == ["True True 1 True", "0", "1", "True 1"]


def test_wrong_calls_of_machine_fail_as_on_a_board(board):
    no_id, no_int = "TypeError: a pin's id is a str or an int", "TypeError: can't convert float to int"
    errors = {
        "Pin, 'X'": 'ValueError: unknown named pin "X"',
        "Pin, 'D14'": 'ValueError: unknown named pin "D14"',
        "Pin, 49": "ValueError: invalid pin",
        "Pin, None": no_id,
        "Pin, 'LED', 99": "ValueError: invalid pin mode: 99",
        "Pin, 'LED', pull=9": "ValueError: invalid pin pull: 9",
        "Pin, 'LED', level=1": "TypeError: unexpected keyword argument 'level'",
        "Pin('LED').value, 1, 2": "TypeError: value() takes 2 positional arguments but 3 were given",
        "Pin('LED').on, 1": "TypeError: on() takes 1 positional arguments but 2 were given",
        "PWM, 'LED', 1000": "TypeError: __init__() takes 2 positional arguments but 3 were given",
        "PWM, 'X'": 'ValueError: unknown named pin "X"',
        "PWM('LED').duty_u16, 65536": "ValueError: duty_u16 must be from 0 to 65535",
        "PWM('LED').duty_u16, 0.5": no_int,
        "PWM('LED').duty_ns, 1000000": "ValueError: duty_ns must be from 0 to 200000",
        "PWM('LED').freq, 0": "ValueError: frequency must be from 1Hz to 40MHz",
        "Signal, 5.0": no_id,
        "WDT, 1": "ValueError: WDT(1) doesn't exist",
        "WDT, timeout=0": "ValueError: WDT timeout too short",
        "WDT, timeout=1.5": no_int,
        "RTC().datetime, (2026, 1, 1)": "ValueError: requested length 8 but object has length 3",
    }
    assert failures(board, "from machine import *", errors) == errors


def test_pwm_goes_on_with_the_pins_duty(board):
    script = """
        from machine import PWM, Pin
        first = PWM(Pin("LEDR"), freq=1000, duty_ns=250000)
        again = PWM(Pin("LEDR"))
        print(again.freq(), again.duty_u16(), again.duty_ns())
        again.init(freq=2000, duty_u16=65535)
        print(first.freq(), first.duty_ns())
        """
    assert board.lines(script) == ["1000 16383 249988", "2000 500000"]


def test_signal_turns_the_pin_round(board):
    script = """
        from machine import Pin, Signal
        pin = Pin("LED", Pin.OUT)
        led = Signal(pin, invert=True)
        led.on(); print(led.value(), pin.value())
        led(0); print(led(), pin())
        print(Signal("LED", Pin.OUT, value=0).value())
        """
    assert board.lines(script) == ["1 0", "0 1", "0"]


def test_the_rest_of_machine_is_there(board):
    script = "import machine\nmachine.idle()\nprint(len(machine.unique_id()), machine.freq())\n"
    script += "print(machine.RTC().datetime()[0] > 2024, machine.mem32, machine.time_pulse_us)"
    size, rest = board.lines(script)
    assert size == "6 240000000"
    assert rest.startswith("True")


# Wi-Fi

CONNECT = """
import network, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("home", "password")
def wait(state):
    while wlan.isconnected() != state:
        time.sleep_ms(5)
"""


def test_station_connects(board):
    script = """
print(wlan.isconnected(), wlan.status() == network.STAT_CONNECTING, wlan.ifconfig()[0])
wait(True)
print(wlan.status() == network.STAT_GOT_IP, wlan.ifconfig(), wlan.ipconfig("addr4"), wlan.config("ssid"))
print(network.WLAN() is wlan, network.WLAN.IF_STA == network.STA_IF)
wlan.disconnect()
print(wlan.isconnected())
"""
    assert board.lines(CONNECT + script) == [
        "False True 0.0.0.0",
        "True ('127.0.0.1', '255.0.0.0', '127.0.0.1', '127.0.0.1') ('127.0.0.1', '255.0.0.0') home",
        "True True",
        "False",
    ]


def test_station_without_a_name_never_connects(board):
    script = """
        import network, time
        wlan = network.WLAN()
        wlan.active(True)
        wlan.connect("", "")
        time.sleep_ms(150)
        print(wlan.isconnected(), wlan.status() == network.STAT_NO_AP_FOUND)
        """
    assert board.lines(script) == ["False True"]


STATUSES = """
import network, time
wlan = network.WLAN()
wlan.active(True)
def status_of(name, key):
    wlan.connect(name, key)
    time.sleep_ms(150)
    return wlan.status()
known = "IDLE CONNECTING NO_AP_FOUND WRONG_PASSWORD GOT_IP".split()
print([getattr(network, "STAT_" + name) for name in known])
print(wlan.status(), status_of("nowhere", "x"), status_of("home", "wrong"), status_of("open", None))
print(status_of("home", "password"), wlan.isconnected(), wlan.ifconfig()[0])
wlan.connect("home", "wrong")
print(wlan.status(), wlan.isconnected())
"""


@pytest.mark.parametrize(
    ("kind", "statuses"), [("lwip", (0, 1, -2, -3, 3)), ("esp32", (1000, 1001, 201, 202, 1010))]
)
def test_statuses_are_those_of_the_port(kind, statuses, board):
    idle, connecting, unknown, wrong, joined = statuses
    lines = board.lines(STATUSES, "--network", kind, "--wifi", "home:password", "--wifi", "open:")
    assert lines == [
        str([idle, connecting, unknown, wrong, joined]),
        f"{idle} {unknown} {wrong} {joined}",
        f"{joined} True 127.0.0.1",
        f"{connecting} False",
    ]


def test_esp32_shows_the_last_failure_until_the_next(board):
    script = (
        STATUSES
        + """
time.sleep_ms(150)
print(wlan.status())
wlan.connect("nowhere", "x")
print(wlan.status())
time.sleep_ms(150)
print(wlan.status())
"""
    )
    assert board.lines(script, "--network", "esp32", "--wifi", "home:password")[-3:] == ["202", "202", "201"]


@pytest.mark.parametrize(("kind", "status"), [("lwip", 2), ("esp32", 201)])
def test_network_without_addresses(kind, status, board):
    air = board.folder / "wifi.json"
    air.write_text(json.dumps({"networks": {"deaf": {"password": "x", "dhcp": False, "rssi": -70}}}))
    script = STATUSES + 'print(status_of("deaf", "x"), wlan.isconnected(), wlan.status("rssi"), '
    script += "wlan.ifconfig()[0])"
    line = board.lines(script, "--network", kind, SIDEBOARD_WIFI_FILE=str(air))[-1]
    assert line == f"{status} False -70 0.0.0.0"


def test_scan_tells_what_is_in_reach(board):
    script = """
        import network
        wlan = network.WLAN()
        wlan.active(True)
        print([(one[0], one[3], one[4]) for one in wlan.scan()])
        """
    options = "--wifi", "home:pass:word", "--wifi", "café:"
    assert board.lines(script, *options) == [repr([(b"home", -50, 3), ("café".encode(), -60, 0)])]
    assert board.lines(script, secrets='WIFI_SSID = "one"\nWIFI_PASS = "x"') == ["[(b'one', -50, 3)]"]


def test_port_53_is_the_one_that_is_given(board):
    script = """
        import socket
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            one.bind(("127.0.4.1", 53))
            print("bound")
        except OSError as error:
            print(error.errno)
        """
    assert board.lines(script) == ["13"]
    assert board.lines(script, "--dns-port", str(free_port())) == ["bound"]


def test_wifi_goes_and_comes(board):
    file = board.folder / "wifi.json"
    file.write_text('{"dns": "127.0.0.9"}')
    script = 'print(wlan.ifconfig()[3])\nwait(False)\nprint("gone")\nwait(True)\nprint("back")'
    process = board.start(CONNECT + "wait(True)\n" + script, SIDEBOARD_WIFI_FILE=str(file))

    def say(text):
        (board.folder / "wifi.new").write_text(text)
        (board.folder / "wifi.new").replace(file)

    assert process.stdout.readline() == "127.0.0.9\n"
    say('{"up": false}')
    assert process.stdout.readline() == "gone\n"
    say('{"up": true}')
    assert process.communicate() == ("back\n", "")


def test_access_point(board):
    script = """
        import network
        ap = network.WLAN(network.WLAN.IF_AP)
        ap.active(True)
        ap.config(ssid="mine", key="12345678", security=network.WLAN.SEC_WPA2)
        print(ap.config("essid"), ap.ifconfig()[0], ap.isconnected(), ap.status("stations"))
        """
    assert board.lines(script) == ["mine 127.0.4.1 False []"]


def test_host_name_and_country(board):
    script = """
        import network
        network.hostname("desk"); network.country("at")
        print(network.hostname(), network.WLAN().config("hostname"), network.country())
        print(network.ipconfig("dns"))
        """
    assert board.lines(script) == ["desk desk AT", "127.0.0.1"]


def test_wrong_calls_of_network_fail_as_on_a_board(board):
    param = "ValueError: unknown config param"
    errors = {
        "sta.connect, 'home'": "OSError: Wifi Not Started",
        "sta.scan": "OSError: Wifi Not Started",
        "ap.connect, 'home'": "OSError: STA required",
        "ap.config, key='short'": "OSError: Wifi Invalid Password",
        "sta.config": "TypeError: either pos or kw args are allowed",
        "sta.config, 'colour'": param,
        "sta.config, 'key'": param,
        "sta.config, colour=1": param,
        "sta.ipconfig, 'addr9'": param,
        "sta.ifconfig, ('1.2.3.4',)": "ValueError: requested length 4 but object has length 1",
        "WLAN, 7": "ValueError: invalid WLAN interface identifier",
        "hostname, 'x' * 33": "ValueError: hostname too long",
        "country, 'Austria'": "ValueError: country code must be 2 characters",
    }
    assert (
        failures(board, "from network import *\nsta, ap = WLAN(WLAN.IF_STA), WLAN(WLAN.IF_AP)", errors)
        == errors
    )


# Logging and clock


def test_log_lines_have_the_format_asked_for(board):
    script = """
        import logging, sys
        layout = "%(asctime)s|%(msecs)03d|%(levelname)s|%(name)s|%(message)s"
        logging.basicConfig(datefmt="%H:%M:%S %Y", format=layout, level=logging.INFO, stream=sys.stdout)
        logging.info("%s and %d", "text", 5)
        logging.getLogger("part").warning("%(key)s", {"key": "value"})
        logging.debug("not this")
        """
    first, second = (line.split("|") for line in board.lines(script))
    assert time.strptime(first[0], "%H:%M:%S %Y").tm_year >= 2025
    assert len(first[1]) == 3 and first[1].isdigit()
    assert first[2:] == ["INFO", "root", "text and 5"]
    assert second[2:] == ["WARNING", "part", "value"]


def test_log_without_configuration_goes_to_stderr_from_warning_up(board):
    _, errors = board.run("import logging\nlogging.info('no')\nlogging.getLogger('part').error('yes')")
    assert errors == "ERROR:part:yes\n"


def test_dates_agree_with_the_hosts(board):
    moment = 1700000000
    layout = "%Y-%m-%d %y %H:%M:%S %I %p %j %a %b %%"
    script = f"import logging\nrecord = logging.LogRecord('', 20, '')\nrecord.ct = {moment}\n"
    script += f"print(logging.Formatter().formatTime({layout!r}, record))"
    assert board.lines(script) == [time.strftime(layout, time.localtime(moment))]


def test_exception_is_logged_with_its_traceback(board):
    script = """\
        import logging
        try:
            1 / 0
        except ZeroDivisionError:
            logging.exception("while %s", "dividing")
        """
    _, errors = board.run(script)
    assert "while dividing" in errors
    assert 'File "main.py", line 3' in errors
    assert "ZeroDivisionError" in errors


def test_levels_and_handlers(board):
    script = """
        import logging, sys
        log = logging.getLogger("own")
        log.addHandler(logging.StreamHandler(sys.stdout))
        log.setLevel(logging.DEBUG)
        print(log.isEnabledFor(logging.DEBUG), logging.getLogger("other").isEnabledFor(logging.INFO))
        log.debug("here")
        logging.basicConfig(level=logging.DEBUG, format="%(message)s", stream=sys.stdout, force=True)
        logging.debug("forced")
        """
    assert board.lines(script) == ["True False", "DEBUG:own:here", "forced"]


def test_clock_is_the_computers(board):
    (line,) = board.lines("import ntptime\nntptime.settime()\nprint(ntptime.time(), ntptime.host)")
    seconds, host = line.split()
    assert abs(int(seconds) - time.time()) < 5
    assert host == "pool.ntp.org"
