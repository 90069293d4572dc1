"""A greenhouse whose dashboard has every widget, for pictures and tests: its script and its layout."""

import json

SCRIPT = '''
"""A greenhouse. Its day is over in a moment, then its clock stands still."""

import logging
from math import cos, pi, sin

from sideboard import ArduinoCloudClient, Color, ColoredLight, DimmedLight, Location, Schedule, Television
from sideboard import history

HOURS = 20
MINUTES = 15
clock = 0
history.uptime = lambda ms=1000: clock * 1000 // ms


def done(client, value):
    pass


async def day(client):
    global clock
    for quarter in range(HOURS * 60 // MINUTES + 1):
        clock = quarter * MINUTES * 60
        warmth = -cos(2 * pi * (quarter / 96 - .1))
        client["temperature"] = round(19 + 6 * warmth + quarter % 3 * .4, 1)
        client["humidity"] = round(61 - 17 * warmth + quarter % 4)
        client["co2"] = round(640 - 90 * warmth - quarter % 5 * 4)
        client["cart"] = {"lat": 46.2 + sin(quarter / 9) / 500, "lon": 6.15 + quarter / 12000}
    client["said"] = "vents open"
    client["said"] = "watering done"


logging.basicConfig(level=logging.INFO)
client = ArduinoCloudClient()
client.register("pump", value=True, on_write=done)
client.register("bell", value=False, on_write=done)
client.register("alarm", value=True)
client.register("door", value=True)
client.register("temperature", value=13.1, min=0, max=40, unit="°C")
client.register("humidity", value=70)
client.register("wind", type=float)
client.register("fan", value=40, on_write=done, unit="%")
client.register("beds", value=6, on_write=done)
client.register("co2", value=600, unit="ppm")
client.register("mode", value=1, on_write=done)
client.register("crop", value="tomato", on_write=done)
client.register(ColoredLight("light", swi=True, hue=285, sat=70, bri=90, on_write=done))
client.register(Color("strip", hue=170, sat=80, bri=80, on_write=done))
client.register(DimmedLight("lamp", swi=True, bri=65, on_write=done))
client.register("sunrise", value=1782365400, on_write=done)
client.register(Schedule("watering", frm=1782374400, to=0, len=900, msk=2 << 26 | 0b101010))
client.register(Television("tv", swi=True, vol=30, mut=False, pbc=3, inp=16, cha=4, on_write=done))
client.register(Location("site", lat=46.2, lon=6.15))
client.register(Location("cart", lat=46.2, lon=6.15, on_write=done))
client.register("said", value="good morning", on_write=done)
client.create_task("day", day, client)
client.start()
'''

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">
<path fill="#8cc" d="M10 80V40L80 8l70 32v40z"/>
<path fill="#475" d="M20 80c0-30 18-30 18 0zm32 0c0-40 20-40 20 0z"/>
<path fill="#475" d="M86 80c0-34 20-34 20 0zm34 0c0-28 18-28 18 0z"/>
<path fill="none" stroke="#fff" stroke-width="3" d="M10 80V40L80 8l70 32v40zM45 80V24M80 80V8M115 80V24"/>
</svg>
"""

MODES = [{"value": 0, "label": "Off"}, {"value": 1, "label": "Auto"}, {"value": 2, "label": "On"}]
NOTE = "## To do\n- *water* the **tomatoes**\n- read [the manual](https://example.org/)"
DRY = {"value": 0, "color": "#e0692b"}
RIGHT = {"value": 40, "color": "#1b6"}
WET = {"value": 80, "color": "#38d"}
COLD = {"value": 0, "color": "#38d"}
WARM = {"value": 15, "color": "#e0692b"}
DOOR = {"trueText": "shut", "falseText": "open", "falseColor": "orange"}
PINS = [
    {"property": "greenhouse:pump", "x": 15, "y": 82, "label": "Pump"},
    {"property": "greenhouse:temperature", "x": 50, "y": 15},
    {"property": "greenhouse:humidity", "x": 85, "y": 60},
]

IMAGE_MAP = {"src": "greenhouse.svg", "markersSettings": PINS}

# Type, title, x, y, width and height in cells, variables, options.
_WIDGETS = [
    ("Switch", "Pump", 0, 0, 4, 4, ["pump"], {}),
    ("PushButton", "Bell", 4, 0, 4, 4, ["bell"], {}),
    ("LED", "Alarm", 8, 0, 3, 4, ["alarm"], {}),
    ("Status", "Door", 11, 0, 3, 4, ["door"], DOOR),
    ("Gauge", "Temperature", 14, 0, 4, 4, ["temperature"], {"thresholds": [COLD, WARM]}),
    ("Percentage", "Humidity", 18, 0, 4, 4, ["humidity"], {"icon": "☂", "thresholds": [DRY, RIGHT, WET]}),
    ("StickyNote", "Note", 22, 0, 5, 4, [], {"content": NOTE}),
    ("Slider", "Fan", 0, 4, 6, 3, ["fan"], {"step": 5}),
    ("Stepper", "Beds", 6, 4, 5, 3, ["beds"], {"min": 0, "max": 12}),
    ("Value", "CO₂", 11, 4, 3, 3, ["co2"], {}),
    ("ValueSelector", "Vents", 14, 4, 5, 3, ["mode"], {"values": MODES}),
    ("ValueDropdown", "Crop", 19, 4, 4, 3, ["crop"], {"values": ["tomato", "lettuce", "basil"]}),
    ("Image", "Plan", 23, 4, 4, 3, [], {"src": "greenhouse.svg", "interval": 60}),
    ("ColoredLight", "Grow light", 0, 7, 5, 8, ["light"], {}),
    ("Color", "Strip", 5, 7, 5, 8, ["strip"], {}),
    ("DimmedLight", "Lamp", 10, 7, 5, 5, ["lamp"], {}),
    ("TimePicker", "Sunrise", 10, 12, 5, 3, ["sunrise"], {}),
    ("Scheduler", "Watering", 15, 7, 6, 8, ["watering"], {}),
    ("Television", "Television", 21, 7, 6, 8, ["tv"], {}),
    ("Chart", "Today", 0, 15, 7, 6, ["temperature"], {}),
    ("AdvancedChart", "Climate", 7, 15, 8, 6, ["temperature", "humidity"], {}),
    ("Map", "Site", 15, 15, 7, 6, ["site"], {}),
    ("Messenger", "Log", 22, 15, 5, 6, ["said"], {}),
    ("AdvancedMap", "Cart", 0, 21, 8, 6, ["cart"], {}),
    ("ImageMap", "House", 8, 21, 8, 6, ["pump", "temperature", "humidity"], IMAGE_MAP),
    ("Link", "Manual", 16, 21, 4, 3, [], {"url": "https://example.org/", "label": "Read the manual"}),
]


def layout():
    """What dashboard.json holds; on a phone the widgets follow each other."""
    return {
        "name": "Greenhouse",
        "widgets": [
            {
                "type": kind,
                "name": title,
                "x": x,
                "y": y,
                "width": width,
                "height": height,
                "variables": [{"thing_id": "greenhouse", "variable_id": name} for name in names],
                "options": options,
            }
            for kind, title, x, y, width, height, names, options in _WIDGETS
        ],
    }


def fill(flash):
    """Puts the layout and its image onto the board's file system."""
    (flash / "files").mkdir(parents=True, exist_ok=True)
    (flash / "files" / "greenhouse.svg").write_text(PICTURE)
    (flash / "dashboard.json").write_text(json.dumps(layout()))
