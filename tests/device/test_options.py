"""min, max, values and widget: kept on the board, whoever writes."""

from flash import Flash, Run
from observed import Log, error_of, told
from sideboard import options
from sideboard.variables import CLOUD, DASHBOARD, DEVICE, Peer, Registry, Variable


def on_write(client, value):
    pass


def registered(*variables):
    registry = Registry()
    for variable in variables:
        registry.add(variable)
    return registry


def made(**given):
    """Makes a variable called x."""
    Variable("x", **given)


def error_of_made(kind, **given):
    return error_of(kind, lambda: made(**given))


def refused(variable, value, source):
    registry = registered(variable)
    before = variable.value
    text = error_of(ValueError, registry.write, variable, value, source)
    assert variable.value == before
    return text


def test_out_of_range_is_refused_from_page_cloud_and_script_with_the_range():
    for source in (DEVICE, DASHBOARD, CLOUD):
        for value in (150, 4, -5):
            target = Variable("target", value=20, min=5, max=30, on_write=on_write)
            assert refused(target, value, source) == "target takes 5 to 30, not %d" % value


def test_the_ends_of_the_range_belong_to_it():
    target = Variable("target", value=20, min=5, max=30, on_write=on_write)
    registry = registered(target)
    for value in (5, 30):
        registry.write(target, value, DASHBOARD)
        assert target.value == value


def test_one_end_alone_is_kept():
    least = Variable("least", value=20, min=5, on_write=on_write)
    assert refused(least, 4, DASHBOARD) == "least takes 5 to inf, not 4"
    least.value = 2**62
    most = Variable("most", value=20, max=0x7FFFFFFF, on_write=on_write)
    assert refused(most, 2**40, CLOUD) == "most takes -inf to 2147483647, not 1099511627776"
    most.value = -(2**62)


def test_ends_of_floats_and_an_int_given_to_a_float():
    level = Variable("level", type=float, min=0.5, max=2, on_write=on_write)
    registry = registered(level)
    registry.write(level, 1, DASHBOARD)
    assert level.value == 1.0 and type(level.value) is float
    assert refused(level, 3, DASHBOARD) == "level takes 0.5 to 2, not 3.0"
    assert "0.5 to 2" in refused(level, float("nan"), DEVICE)


def test_what_is_none_of_the_values_is_refused():
    for source in (DEVICE, DASHBOARD, CLOUD):
        mode = Variable("mode", value="eco", values=["off", "eco", "comfort"], on_write=on_write)
        assert refused(mode, "banana", source) == "mode takes off, eco, comfort, not banana"
        mode.value = "comfort"


def test_values_may_have_labels():
    mode = Variable("mode", value=0, values=[{"value": 0, "label": "off"}, 2], on_write=on_write)
    registered(mode).write(mode, 2, DASHBOARD)
    assert refused(mode, 1, DASHBOARD) == "mode takes 0, 2, not 1"


def test_a_text_has_no_range():
    text = Variable("text", value="a", min=3, max=5, on_write=on_write)
    registered(text).write(text, "zebra", DASHBOARD)
    assert text.value == "zebra"


def test_a_first_value_outside_is_said_at_registration():
    for callback in (on_write, None):
        text = error_of_made(ValueError, value=150, min=5, max=30, on_write=callback)
        assert text == "x takes 5 to 30, not 150"
    text = error_of_made(ValueError, value="banana", values=("a", "b"), on_write=on_write)
    assert text == "x takes a, b, not banana"


def test_a_sensor_measures_what_it_does_whatever_its_gauge_shows():
    heat = Variable("heat", value=55.0, on_read=lambda client: 0, widget="Gauge", min=0, max=50)
    heat.value = 60
    assert heat.value == 60.0


def test_a_stored_value_outside_is_said_and_not_used():
    with Flash() as flash, Log() as log:
        flash.put('{"target": ["int", 150, 1700000000, true]}')
        target = Variable("target", value=20, min=5, max=30, on_write=on_write)
        Run(target).begin()
    assert log.texts == ["The stored value of target is not used: target takes 5 to 30, not 150"]
    assert target.value == 20 and not target.registry.restored


def test_nobody_is_told_of_what_was_refused():
    target = Variable("target", value=20, min=5, max=30, on_write=on_write)
    peer = Peer(registered(target))
    told(peer)
    error_of(ValueError, target.registry.write, target, 31, DASHBOARD)
    assert told(peer) == set()


def test_a_wrong_widget_is_said_with_the_nearest_right_one():
    for wrong, right in (
        ("Gague", "Gauge"),
        ("gauge", "Gauge"),
        ("led", "LED"),
        ("Swich", "Switch"),
        ("Push Button", "PushButton"),
        ("Dropdown", "ValueDropdown"),
        ("Percent", "Percentage"),
    ):
        text = error_of_made(ValueError, value=1, widget=wrong)
        assert text == "x: there is no widget %s: %s?" % (wrong, right), text


def test_each_widget_of_the_page_is_right():
    for widget in options.WIDGETS.split():
        made(widget=widget)


def test_an_option_that_is_none_is_said():
    assert error_of_made(TypeError, colour="red") == "x has no option colour"
