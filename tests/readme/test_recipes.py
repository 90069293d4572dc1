"""README.md's recipes do what it says of them; tests/readme/test_readme.py runs each of them with a cloud."""

import re
import time

import yaml
from documented import README, Inputs, block, started

PLANT = block("python", 'register("moisture"')
THERMOSTAT = block("python", 'register("heating"')
DOOR = block("python", 'register("open"')
SEVERAL = block("python", 'register("elsewhere"')


def test_pump_stops_after_five_seconds_and_on_in_between_gives_five_more(tmp_path, monkeypatch):
    Inputs(tmp_path, monkeypatch, A0=40000)
    with started(tmp_path / "board", PLANT) as board, board.page.follow() as page:
        first = time.monotonic()
        board.page.put("pump", True)
        page.wait_for("pump", True)
        assert board.pins()["D2"]["value"] == 1
        time.sleep(3)
        again = time.monotonic()
        board.page.put("pump", True)
        page.wait_for("pump", False)
        assert time.monotonic() - first > 7.5 and 4.5 < time.monotonic() - again < 8
        assert board.pins()["D2"]["value"] == 0


def test_pump_starts_by_itself_when_the_soil_is_too_dry(tmp_path, monkeypatch):
    soil = Inputs(tmp_path, monkeypatch, A0=40000)
    patient = "seconds >= 600"
    assert patient in PLANT
    with started(tmp_path / "board", PLANT.replace(patient, "seconds >= 6")) as board:
        assert board.page.value("moisture") == 61
        soil.set(A0=10000)
        with board.page.follow() as page:
            page.wait_for("pump", True)
            page.wait_for("pump", False)


def test_thermostat_switches_half_a_degree_below_and_above_its_goal(tmp_path, monkeypatch):
    def degrees(celsius):
        return {"A0": round((celsius + 50) / 330 * 65535)}

    room = Inputs(tmp_path, monkeypatch, **degrees(19.0))
    with started(tmp_path / "board", THERMOSTAT) as board, board.page.follow() as page:
        page.wait_for("heating", True)
        for celsius, heating in ((20.2, True), (20.7, False), (19.8, False), (19.4, True)):
            room.set(**degrees(celsius))
            page.wait_for("temperature", celsius)
            page.wait_for("heating", heating)
        assert board.pins()["D2"]["value"] == 1
        page.write("goal", 18.0)
        page.wait_for("heating", False)


def test_door_is_counted_when_it_opens_and_the_count_outlives_a_power_cut(tmp_path, monkeypatch):
    door = Inputs(tmp_path, monkeypatch, D4=0)
    with started(tmp_path / "board", DOOR) as board, board.page.follow() as page:
        page.wait_for("open", False)
        for count in 1, 2, 3:
            door.set(D4=1)
            page.wait_for("count", count)
            door.set(D4=0)
            page.wait_for("open", False)
        assert page.write("count", 0) == {"id": 1}
        assert page.variables["count"]["options"] == {"widget": "Chart"}


def test_board_shows_a_value_of_another_and_goes_on_without_it(tmp_path, monkeypatch):
    Inputs(tmp_path, monkeypatch, A0=round(71.5 / 330 * 65535))
    where = 'OTHER, PORT = "192.168.1.21", 80'
    assert where in SEVERAL
    with started(tmp_path / "other", THERMOSTAT) as other:
        here = SEVERAL.replace(where, f'OTHER, PORT = "127.0.0.1", {other.http_port}')
        with started(tmp_path / "board", here) as board, board.page.follow() as page:
            page.wait_for("elsewhere", 21.5)
            page.wait_for("there", True)
            other.stop()
            page.wait_for("there", False)
            assert page.value("elsewhere") == 21.5


def rendered(template, answer):
    """What Home Assistant makes of a template like {{ value_json.a.b }}."""
    (path,) = re.fullmatch(r"\{\{ value_json\.([\w.]+) \}\}", template).groups()
    for name in path.split("."):
        answer = answer[name]
    return str(answer)


def test_home_assistants_templates_fit_the_boards_answers(tmp_path, monkeypatch):
    Inputs(tmp_path, monkeypatch, A0=40000)
    configuration = yaml.safe_load(block("yaml", "value_json"))
    (rest,), (switch,) = configuration["rest"], configuration["switch"]
    with started(tmp_path / "board", PLANT) as board:

        def get(resource):
            return board.page.get(resource.removeprefix("http://ADDRESS"))

        everything = get(rest["resource"])
        (sensor,), (pump,) = rest["sensor"], rest["binary_sensor"]
        assert rendered(sensor["value_template"], everything) == "61"
        assert rendered(pump["value_template"], everything) == "False"
        name = switch["resource"].rpartition("/")[2]
        for body, state in ((switch["body_on"], "true"), (switch["body_off"], "false")):
            assert switch["method"] == "put"
            assert board.page.put(name, yaml.safe_load(body))[0] == 200
            assert rendered(switch["is_on_template"], get(switch["resource"])).lower() == state


def test_recipes_are_whole_programs():
    recipes = README.partition("## Recipes")[2].partition("\n## ")[0]
    for script in re.findall(r"^```python\n(.*?)^```", recipes, re.MULTILINE | re.DOTALL):
        assert script.endswith("client.start()\n")
