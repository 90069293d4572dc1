"""The rules of variables.py: who may write, which values a variable takes, and who is told."""

from observed import error_of, told
from sideboard.variables import CLOUD, DASHBOARD, DEVICE, STATUS, Peer, Registry, Variable

NAN = float("nan")
INFINITY = float("inf")


def on_write(client, value):
    pass


def registry_with(variable):
    registry = Registry()
    registry.add(variable)
    return registry


def written(variable, value, source=DEVICE):
    """The variable's value after a write to it in a registry."""
    registry_with(variable).write(variable, value, source)
    return variable.value


def refusal(kind, variable, value, source=DEVICE):
    return error_of(kind, registry_with(variable).write, variable, value, source)


# Rules 1 and 2: sources, and what they may write


def test_each_source_writes_a_writable_variable():
    for source in (DEVICE, DASHBOARD, CLOUD):
        assert written(Variable("led", value=False, on_write=on_write), True, source) is True


def test_script_writes_a_variable_that_is_not_writable():
    assert written(Variable("uptime", value=1), 2) == 2


def test_dashboard_and_cloud_may_not_write_a_variable_without_on_write():
    for source in (DASHBOARD, CLOUD):
        assert refusal(AttributeError, Variable("uptime", value=1), 2, source) == "uptime is read-only"


def test_variable_without_value_takes_its_first_from_the_cloud():
    variable = Variable("uptime")
    registry = registry_with(variable)
    registry.write(variable, 5, CLOUD)
    assert variable.value == 5
    assert error_of(AttributeError, registry.write, variable, 6, CLOUD)


def test_variable_without_value_takes_none_from_the_dashboard():
    assert refusal(AttributeError, Variable("uptime"), 5, DASHBOARD)


def test_value_of_a_variable_is_also_written_by_its_attribute():
    variable = Variable("speed", value=1)
    registry = registry_with(variable)
    peer = Peer(registry)
    variable.value = 2
    assert registry.variables["speed"].value == 2
    assert told(peer) == {variable}


# The third rule: types


def test_int_given_to_a_float_becomes_a_float():
    for source in (DEVICE, DASHBOARD, CLOUD):
        value = written(Variable("t", value=1.5, on_write=on_write), 2, source)
        assert value == 2.0 and type(value) is float


def test_bool_is_no_number():
    for type_ in (int, float):
        assert refusal(TypeError, Variable("n", type=type_), True)


def test_number_is_no_bool():
    assert refusal(TypeError, Variable("led", type=bool), 1)


def test_float_is_no_int():
    assert refusal(TypeError, Variable("n", type=int), 1.0) == "n takes int, not float"


def test_any_other_type_is_refused():
    for value in (None, b"bytes", [1], {"a": 1}, (1,)):
        for type_ in (None, bool, int, float, str):
            assert refusal(TypeError, Variable("x", type=type_, on_write=on_write), value, DASHBOARD)


def test_first_value_fixes_the_type():
    for value, type_ in ((True, "bool"), (1, "int"), (1.5, "float"), ("a", "string")):
        variable = Variable("x")
        assert variable.type is None
        written(variable, value)
        assert variable.type == type_
        assert refusal(TypeError, variable, b"")


def test_value_given_at_the_start_fixes_the_type():
    assert Variable("x", value="").type == "string"


def test_refused_first_value_fixes_no_type():
    variable = Variable("x", on_write=on_write)
    assert refusal(ValueError, variable, 2**63)
    assert refusal(ValueError, variable, NAN, DASHBOARD)
    assert variable.type is None and not variable.initialized


def test_type_is_given_by_class_or_by_name():
    for given, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "string")):
        assert Variable("x", type=given).type == Variable("x", type=name).type == name


def test_type_that_does_not_exist_is_refused():
    assert "bool, int, float or string" in error_of(TypeError, lambda: Variable("x", type=bytes))


def test_value_that_does_not_fit_the_type_is_refused_at_the_start():
    assert error_of(TypeError, lambda: Variable("x", type=int, value="1"))


def test_page_may_write_no_infinite_number():
    for value in (NAN, INFINITY, -INFINITY, 10**400):
        assert refusal(ValueError, Variable("t", value=0.0, on_write=on_write), value, DASHBOARD)


def test_script_and_cloud_may_write_infinite_numbers():
    for source in (DEVICE, CLOUD):
        assert written(Variable("t", value=0.0, on_write=on_write), INFINITY, source) == INFINITY


def test_json_of_a_number_that_is_not_finite_is_null():
    for value in (NAN, INFINITY, -INFINITY):
        assert Variable("t", value=value).json() is None


def test_int_has_64_bits():
    for value in (2**63 - 1, -(2**63)):
        assert written(Variable("n", type=int), value) == value
    for value in (2**63, -(2**63) - 1):
        for source in (DEVICE, DASHBOARD, CLOUD):
            assert refusal(ValueError, Variable("n", value=0, on_write=on_write), value, source)


# The fifth: who is told


def test_peers_are_told_and_the_sender_is_not():
    variable = Variable("led", value=False, on_write=on_write)
    registry = registry_with(variable)
    page, other, cloud = Peer(registry), Peer(registry), Peer(registry)
    registry.write(variable, True, DASHBOARD, page)
    assert (told(page), told(other), told(cloud)) == (set(), {variable}, {variable})


def test_script_that_writes_the_same_value_again_tells_nobody():
    variable = Variable("speed", value=2.0)
    registry = registry_with(variable)
    variable.time = 1
    peer = Peer(registry)
    registry.write(variable, 2)
    assert told(peer) == set() and variable.time == 1


def test_page_that_writes_the_same_value_again_tells_the_others():
    variable = Variable("led", value=True, on_write=on_write)
    registry = registry_with(variable)
    peer = Peer(registry)
    registry.write(variable, True, DASHBOARD)
    assert told(peer) == {variable}


def test_refused_write_changes_nothing():
    variable = Variable("n", value=1, on_write=on_write)
    registry = registry_with(variable)
    variable.time = 7
    peer = Peer(registry)
    for source in (DEVICE, DASHBOARD, CLOUD):
        error_of(TypeError, registry.write, variable, "2", source)
        error_of(ValueError, registry.write, variable, 2**63, source)
    assert (variable.value, variable.time, told(peer)) == (1, 7, set())


# The sixth: only the newest value counts


def test_peer_holds_each_changed_variable_once():
    variable = Variable("n", value=0)
    registry = registry_with(variable)
    peer = Peer(registry)
    for value in range(1, 1000):
        registry.write(variable, value)
    assert peer.changed == {variable}
    assert told(peer) == {variable} and told(peer) == set()


def test_peer_that_left_is_told_nothing():
    variable = Variable("n", value=0)
    registry = registry_with(variable)
    peer = Peer(registry)
    registry.peers.remove(peer)
    registry.write(variable, 1)
    assert told(peer) == set() and registry.peers == []


async def test_peer_waits_for_changes():
    import asyncio

    variable = Variable("n", value=0)
    registry = registry_with(variable)
    peer = Peer(registry)
    waiting = asyncio.create_task(peer.changes())
    await asyncio.sleep(0)
    assert not waiting.done()
    registry.write(variable, 1)
    assert await waiting == {variable}


def test_change_of_the_status_is_none_among_the_changes():
    registry = Registry()
    peer = Peer(registry)
    registry.set_status(cloud="connecting")
    assert told(peer) == {STATUS}
    registry.set_status(cloud="connecting")
    assert told(peer) == set() and registry.status == {"cloud": "connecting"}


# The registry as a collection


def test_variables_keep_the_order_of_their_registration():
    registry = Registry()
    names = ["z", "a", "m", "b", "y", "c"]
    for name in names:
        registry.add(Variable(name))
    assert [variable.name for variable in registry.variables.values()] == names


def test_variable_is_found_by_its_name():
    variable = Variable("led")
    variables = registry_with(variable).variables
    assert variables["led"] is variable and "led" in variables and "lamp" not in variables
    assert error_of(KeyError, lambda: variables["lamp"])
