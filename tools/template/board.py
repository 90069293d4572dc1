"""From a checked dashboard to the board's `dashboard.json`."""

import difflib
import json

import microdot

from tools.cloud.files import BadFile

from .form import Dashboard, given, quoted, renamed


def of_thing(dashboard, thing, file, note):
    """The dashboard without what is bound to other Things than this one, an id or a name; None takes all."""
    variables = [variable for widget in dashboard.widgets for variable in widget.variables]
    things = dict.fromkeys(variable.thing for variable in variables if variable.thing)
    listed = ", ".join(map(quoted, things))
    if thing is None:
        if len(things) > 1:
            note(f"{file} shows the Things {listed}; with --thing, only the widgets of one are taken")
        return dashboard
    if things and not any(thing in variable.things for variable in variables):
        raise BadFile(f"{file} shows nothing of the Thing {quoted(thing)}; it shows {listed}")
    widgets = [_of_thing(widget, thing, note) for widget in dashboard.widgets]
    return Dashboard(dashboard.name, dashboard.pages, [widget for widget in widgets if widget])


def _of_thing(widget, thing, note):
    others = [variable for variable in widget.variables if variable.things and thing not in variable.things]
    if not others:
        return widget
    if len(others) == len(widget.variables):
        note(f"{widget.place} is left out: its Thing is {quoted(others[0].thing)}")
        return None
    for variable in others:
        note(f"{widget.place} is shown without {quoted(variable.name)} of the Thing {quoted(variable.thing)}")
    gone = {f"{variable.thing}:{variable.name}" for variable in others}
    return widget._replace(
        variables=[variable for variable in widget.variables if variable not in others],
        options=renamed(widget.options, lambda name: None if name in gone else name),
    )


def check_names(dashboard, names, note):
    """Names the widgets that are bound to variables that are not among the names."""
    for widget in dashboard.widgets:
        for variable in widget.variables:
            if variable.name not in names:
                close = difflib.get_close_matches(variable.name, names, 1)
                hint = f"; did you mean {quoted(close[0])}?" if close else ""
                note(f"{widget.place} is bound to {quoted(variable.name)}: there is no such variable{hint}")


def encode(dashboard, note):
    """The bytes of `dashboard.json`, with nothing in them that can be left out."""
    document = {
        **given(name=dashboard.name, pages=dashboard.pages),
        "widgets": [_widget(widget) for widget in dashboard.widgets],
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    most = microdot.Request.max_content_length
    if len(content) > most:
        note(f"the result has {len(content):,} bytes; the board's page can save {most:,} at most")
    return content


def _widget(widget):
    variables = [given(thing_id=variable.thing, variable_id=variable.name) for variable in widget.variables]
    return {**widget.fields, **given(variables=variables, options=widget.options)}
