"""The options of variables: loaded when a variable has some."""

# The page's, as web/widgets/index.js has them.
WIDGETS = (
    "Switch PushButton LED Status Slider Stepper Gauge Percentage Messenger Value Color DimmedLight "
    "ColoredLight TimePicker Scheduler Map AdvancedMap Television Chart AdvancedChart ValueSelector "
    "ValueDropdown StickyNote Image ImageMap Link"
)


_names = {}  # the tuples of names that variables have, each once


def named(variable):
    """A variable's options by name."""
    names, *values = variable.options
    return dict(zip(names, values))


def check(variable, options, value):
    """Gives it options. TypeError or ValueError for an option or a widget that is none, and as within()."""
    name = variable.name
    if options.pop("restart", False):
        variable.restart = True
    for option in options:
        if option not in "widget title min max step unit values".split():
            raise TypeError("%s has no option %s" % (name, option))
    widget = options.get("widget", "Value")
    widgets = WIDGETS.split()
    if widget not in widgets:
        letters, near = set(widget.lower()), []
        for one in widgets:
            near.append((len(letters ^ set(one.lower())), one))
        raise ValueError("%s: there is no widget %s: %s?" % (name, widget, min(near)[1]))
    if options:
        names = tuple(options)
        variable.options = (_names.setdefault(names, names),) + tuple(options.values())
        if widget in ("Chart", "AdvancedChart", "AdvancedMap"):
            variable.options += (None,)  # without a name: the dashboard is to keep its past
        if value is not None:
            within(variable, value)


def within(variable, value):
    """Raises ValueError when the value is out of its variable's range, or none of its values."""
    get = named(variable).get
    takes = ""
    for one in get("values", ()):
        if isinstance(one, dict):
            one = one.get("value")
        if one == value:
            return
        takes += "%s, " % one
    if not takes:
        least, most = get("min", float("-inf")), get("max", float("inf"))
        if type(value) not in (int, float) or least <= value <= most:
            return
        takes = "%s to %s, " % (least, most)
    raise ValueError("%s takes %snot %s" % (variable.name, takes, value))
