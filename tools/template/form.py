"""A dashboard in the template's format, checked: both directions begin with it.

Fields of templates as in arduino/arduino-cloud-cli (internal/template/dashboard.go), of the REST API as in
arduino/iot-client-go (ArduinoDashboardv2 and v3, ArduinoWidgetv2 and v3, ArduinoLinkedvariable).
Options are kept as they are, whatever they hold. Names that are documented nowhere are guesses: the types
"Advanced Map" and "Link"; the options src and interval of Image, src of Image Map, url and label of Link,
trueText, falseText, trueColor and falseColor of Status, thresholds and icon of Gauge and Percentage. The CLI
knows "Image Map" and its markersSettings, objects with a `property`; their x, y (percent), label are guesses.
"""

import json
import re
from typing import NamedTuple

from tools.cloud.files import BadFile

# The cloud's names; the board's page knows them without spaces.
CLOUD_TYPES = (
    "Switch", "Push Button", "Slider", "Stepper", "Messenger", "Color", "Dimmed Light", "Colored Light",
    "Time Picker", "Scheduler", "Value", "Status", "Gauge", "Percentage", "LED", "Map", "Advanced Map",
    "Chart", "Advanced Chart", "Value Selector", "Value Dropdown", "Sticky Note", "Image", "Image Map",
    "Link", "Television",
)  # fmt: skip
_TYPES = {name.replace(" ", "").lower(): name.replace(" ", "") for name in CLOUD_TYPES}
_AREA = ("x", "y", "width", "height")
_MOST = 10000  # grid cells
_NOT_OF_THE_WIDGET = {"created_by", "thingId", "properties"}  # options that the CLI leaves out, too
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MAIN_PAGE = "0"  # the cloud's main page is not in its list of pages


class Variable(NamedTuple):
    """A variable of a widget. thing: its Thing as templates name it; things: all its names and ids."""

    name: str
    thing: str | None
    things: frozenset


class Widget(NamedTuple):
    """place: where it is in the file; fields: type, name, page_id, and positions and sizes where given."""

    place: str
    fields: dict
    variables: list
    options: dict


class Dashboard(NamedTuple):
    name: str | None
    pages: list
    widgets: list


def is_uuid(text):
    return bool(_UUID.fullmatch(text or ""))


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def given(**fields):
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def checked(data, file, note):
    """The Dashboard in the data of a file.

    Calls `note` with a sentence for each thing that cannot be mapped. BadFile says what is wrong, and where.
    """
    if not isinstance(data, dict) or "widgets" not in data:
        raise BadFile(f"{file} holds no dashboard: it must be one object with widgets")
    name = _text(data, "name", file)
    pages = [_page(page, f"{file}: page {i + 1}", i) for i, page in enumerate(_items(data, "pages", file))]
    ids = [page["id"] for page in pages]
    for page_id in ids:
        if ids.count(page_id) > 1:
            raise BadFile(f"{file}: two pages have the id {quoted(page_id)}")
    items = enumerate(_items(data, "widgets", file), 1)
    widgets = [_widget(item, f"{file}: widget {number}", note) for number, item in items]
    _put_on_pages(widgets, pages, name, note)
    return Dashboard(name, pages, widgets)


def _object(item, place):
    if not isinstance(item, dict):
        raise BadFile(f"{place} must be an object")
    return item


def _items(item, field, place):
    items = item.get(field)
    if items is None:
        return []
    if not isinstance(items, list):
        raise BadFile(f"{place}: {field} must be a list")
    return items


def _text(item, field, place):
    value = item.get(field)
    if type(value) is int:
        value = str(value)  # in YAML, page_id: 1
    if value is not None and not isinstance(value, str):
        raise BadFile(f"{place}: {field} must be text; put it in quotes")
    if value and any("\ud800" <= character <= "\udfff" for character in value):
        raise BadFile(f"{place}: {field} has half a character (\\ud800 to \\udfff)")
    return value or None


def _cells(item, field, place):
    value = item.get(field)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (type(value) is not int or not 0 <= value <= _MOST):
        raise BadFile(f"{place}: {field} must be a whole number of grid cells, 0 to {_MOST}")
    return value


def _page(item, place, number):
    page = {field: _text(_object(item, place), field, place) for field in ("id", "name")}
    for field in page:
        if page[field] is None:
            raise BadFile(f"{place} has no {field}")
    position = item.get("position")
    if position is None:
        position = number
    if type(position) is not int:
        raise BadFile(f"{place}: position must be a whole number")
    return given(**page, position=position, icon=_text(item, "icon", place))


def _widget(item, place, note):
    title = _text(_object(item, place), "name", place)
    if title:
        place += f" {quoted(title)}"
    kind = _text(item, "type", place)
    if not kind:
        raise BadFile(f"{place} has no type")
    known = _TYPES.get(kind.replace(" ", "").lower())
    if not known:
        note(f"{place} has the type {quoted(kind)}, which the board's page does not know")
    if item.get("has_unlinked_variable") is True:
        note(f"{place} was bound to a variable that the cloud has deleted")
    page_id = _text(item, "page_id", place)
    fields = given(type=known or kind, name=title, **_areas(item, place), page_id=page_id)
    variables, names = [], {}
    for each in _items(item, "variables", place):
        variable, cloud_id = _variable(_object(each, f"{place}: a variable"), place, note)
        variables.append(variable)
        names[cloud_id] = f"{variable.thing}:{variable.name}"
    return Widget(
        place, fields, variables, renamed(_options(item, place), lambda name: names.get(name, name))
    )


def _areas(item, place):
    """Positions and sizes. The CLI writes 0 for all that a template leaves out: a widget has no such size."""
    areas = {}
    for at in ("", "_mobile"):
        area = {name + at: _cells(item, name + at, place) for name in _AREA}
        if any(area.values()) or None in (area["width" + at], area["height" + at]):
            area.update({name + at: area[name + at] or None for name in ("width", "height")})
            areas.update(area)
    return areas


def _variable(item, place, note):
    """The Variable and its id in the cloud, which is None when the file does not tell it."""
    thing_id, thing_name = _text(item, "thing_id", place), _text(item, "thing_name", place)
    known = [_text(item, field, place) for field in ("variable_name", "variable_id", "name", "id")]
    name = next((name for name in known[:3] if name and not is_uuid(name)), None)
    cloud_id = next(filter(is_uuid, known), None)
    if not name and not cloud_id:
        raise BadFile(f"{place}: a variable has neither a variable_id nor a name")
    if not name:
        note(f"{place} is bound to the variable {cloud_id}, of which the file does not tell the name")
    thing = thing_name if is_uuid(thing_id) and thing_name else thing_id or thing_name
    return Variable(name or cloud_id, thing, frozenset(filter(None, (thing_id, thing_name)))), cloud_id


def _options(item, place):
    options = item.get("options")
    if options is None:
        return {}
    options = {k: v for k, v in _object(options, f"{place}: options").items() if k not in _NOT_OF_THE_WIDGET}
    try:
        return json.loads(json.dumps(options, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise BadFile(f"{place}: options hold what JSON cannot: no number, or half a character") from None


def _put_on_pages(widgets, pages, name, note):
    """Every widget's page is one of the pages, if there are any."""
    ids = [page["id"] for page in pages]
    if not pages:
        ids = [MAIN_PAGE]
    elif MAIN_PAGE not in ids and any(widget.fields.get("page_id") == MAIN_PAGE for widget in widgets):
        first = min(page["position"] for page in pages) - 1
        pages.insert(0, {"id": MAIN_PAGE, "name": name or "Main", "position": first})
        ids.insert(0, MAIN_PAGE)
    for widget in widgets:
        page_id = widget.fields.pop("page_id", None)
        if page_id and page_id not in ids:
            note(f"{widget.place} is on the page {quoted(page_id)}, which is missing: it goes to the first")
        if pages:
            first = min(pages, key=lambda page: page["position"])["id"]
            widget.fields["page_id"] = page_id if page_id in ids else first


def renamed(options, name):
    """Options with new names for the variables in them: `name` takes a "thing:variable"; None leaves it out.

    The CLI has them in an Advanced Chart's aggregation, format and axes, and an Image Map's markersSettings.
    """
    options = dict(options)
    for field in ("aggregation", "format", "axes"):
        if isinstance(options.get(field), dict):
            entries = ((name(key), value) for key, value in options[field].items())
            options[field] = {key: value for key, value in entries if key is not None}
    markers = options.get("markersSettings")
    if isinstance(markers, list):
        options["markersSettings"] = [_renamed_marker(marker, name) for marker in markers]
    return options


def _renamed_marker(marker, name):
    if not isinstance(marker, dict) or not isinstance(marker.get("property"), str):
        return marker
    return {**marker, "property": name(marker["property"])}
