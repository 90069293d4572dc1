"""`python -m tools.template`: dashboards of the Arduino Cloud become the board's, and templates again."""

import json
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools import ROOT
from tools.cloud.files import BadFile
from tools.template import board, cloud
from tools.template.form import CLOUD_TYPES, checked
from tools.template.reading import read

GREENHOUSE = ROOT / "tests" / "shared" / "greenhouse.yaml"
THING_ID = "2c9d6f63-0f0b-4a51-9a3e-6a7a3a1b5c01"
OTHER_ID = "7b1e3f00-1111-4222-8333-444455556666"
TEMPERATURE_ID = "e5a7a2f1-5b0e-4b59-8a5f-0f6f2b0c9d11"
LEVEL = {"type": "Slider", "name": "Level", "variables": [{"thing_id": "tank", "variable_id": "level"}]}


def run(*arguments):
    command = [sys.executable, "-m", "tools.template", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def to_board(data, thing=None, names=None):
    """dashboard.json, parsed, and the notes."""
    notes = []
    dashboard = board.of_thing(checked(data, "file", notes.append), thing, "file", notes.append)
    if names is not None:
        board.check_names(dashboard, names, notes.append)
    return json.loads(board.encode(dashboard, notes.append)), notes


def to_cloud(data, thing=None):
    """The template, as the CLI would load it, and its overrides."""
    document, overrides = cloud.template(checked(data, "file", pytest.fail), thing, "file")
    return yaml.safe_load(cloud.encode(document, as_json=False)), overrides


def widget(**fields):
    return {"name": "Tank", "widgets": [{**LEVEL, **fields}]}


def rest_answer(**fields):
    """As GET /iot/v2/dashboards/{id} answers."""
    variable = {
        "id": TEMPERATURE_ID,
        "last_value": 21.5,
        "last_value_updated_at": "2026-02-01T10:00:00Z",
        "name": "Temperature in the shade",
        "permission": "READ_ONLY",
        "thing_id": THING_ID,
        "thing_name": "greenhouse",
        "type": "FLOAT",
        "variable_name": "temperature",
    }
    chart = {
        "has_permission_incompatibility": False,
        "has_type_incompatibility": False,
        "has_unlinked_variable": False,
        "id": "11111111-2222-4333-8444-555555555555",
        "name": "Shade",
        "type": "Advanced Chart",
        "x": 0,
        "y": 0,
        "width": 12,
        "height": 8,
        "x_mobile": 0,
        "y_mobile": 0,
        "width_mobile": 8,
        "height_mobile": 6,
        "variables": [variable],
        "options": {"aggregation": {TEMPERATURE_ID: "AVG"}, "properties": [{"id": TEMPERATURE_ID}]},
        **fields,
    }
    return {
        "created_by": {"user_id": "u", "username": "me"},
        "id": "99999999-2222-4333-8444-555555555555",
        "name": "Home",
        "updated_at": "2026-02-01T10:00:00Z",
        "widgets": [chart],
    }


def create(template, overrides, variables):
    """What `arduino-cloud-cli dashboard create` asks of a template (internal/template/load.go).

    variables: {Thing's id: names}. Returns the widgets' (type, variables) or raises AssertionError.
    """
    assert template["name"]
    pages = [page["id"] for page in template.get("pages", ())]
    assert len(set(pages)) == len(pages)
    for page in template.get("pages", ()):
        assert isinstance(page["id"], str) and isinstance(page["name"], str) and type(page["position"]) is int

    def resolve(placeholder, name):
        thing = overrides.get(placeholder, placeholder)
        assert thing and thing != placeholder, f"no override provided for thing {placeholder}"
        assert name in variables[thing]
        return thing, name

    created = []
    for each in template["widgets"]:
        assert each.get("page_id", "0") in ("", "0", *pages)
        assert all(type(each[field]) is int for field in each if field.split("_")[0] in ("x", "y", "width"))
        bound = [resolve(v["thing_id"], v["variable_id"]) for v in each.get("variables", ())]
        if each["type"] == "Advanced Chart":
            for option in ("aggregation", "format", "axes"):
                for name in each["options"].get(option, ()):
                    resolve(*name.split(":"))
        created.append((each["type"], bound))
    return created


def test_template_with_every_widget_type_keeps_all_of_it():
    source = yaml.safe_load(GREENHOUSE.read_text())
    dashboard, notes = to_board(read(GREENHOUSE))
    assert notes == []
    assert {w["type"] for w in dashboard["widgets"]} == {name.replace(" ", "") for name in CLOUD_TYPES}
    for there, here in zip(source["widgets"], dashboard["widgets"]):
        for field in ("x", "y", "width", "height", "x_mobile", "y_mobile", "width_mobile", "height_mobile"):
            assert here.get(field) == there.get(field)
        assert here.get("name", "") == there["name"]
        bound = [(v["thing_id"], v["variable_id"]) for v in there.get("variables", ())]
        assert [(v["thing_id"], v["variable_id"]) for v in here.get("variables", ())] == bound


def test_words_that_yaml_1_1_reads_otherwise_stay_text():
    data = read(GREENHOUSE)
    assert [w["name"] for w in data["widgets"] if w["type"] in ("Value", "Time Picker")] == ["06:30", "on"]
    assert data["widgets"][19]["options"] == {"values": ["tomato", 1000.0, "2026-01-01"]}


def test_result_is_compact():
    content = board.encode(checked(read(GREENHOUSE), "file", pytest.fail), pytest.fail)
    assert b": " not in content.replace(b"yes: `no`", b"") and b", " not in content and b"null" not in content
    assert b"{}" not in content and b"[]" not in content
    assert "Greenhouse – every widget".encode() in content


def test_json_gives_the_same_as_yaml(tmp_path):
    file = tmp_path / "greenhouse.json"
    file.write_text(json.dumps(read(GREENHOUSE)))
    assert to_board(read(file)) == to_board(read(GREENHOUSE))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_as_windows_writes_them(tmp_path, encoding):
    file = tmp_path / "greenhouse.yaml"
    file.write_text(GREENHOUSE.read_text(), encoding=encoding)
    assert read(file) == read(GREENHOUSE)


def test_rest_answer_binds_by_the_name_in_the_script():
    dashboard, notes = to_board(rest_answer())
    assert notes == []
    assert dashboard == {
        "name": "Home",
        "widgets": [
            {
                "type": "AdvancedChart",
                "name": "Shade",
                "x": 0,
                "y": 0,
                "width": 12,
                "height": 8,
                "x_mobile": 0,
                "y_mobile": 0,
                "width_mobile": 8,
                "height_mobile": 6,
                "variables": [{"thing_id": "greenhouse", "variable_id": "temperature"}],
                "options": {"aggregation": {"greenhouse:temperature": "AVG"}},
            }
        ],
    }


@pytest.mark.parametrize("thing", [THING_ID, "greenhouse"])
def test_rest_answer_knows_its_thing_by_id_and_by_name(thing):
    assert len(to_board(rest_answer(), thing)[0]["widgets"]) == 1


def test_rest_answer_of_version_3_has_its_main_page_first():
    answer = rest_answer(page_id="0")
    answer["widgets"].append({"type": "LED", "page_id": "p"})
    answer["pages"] = [{"id": "p", "name": "Cellar", "position": 0}]
    dashboard, _ = to_board(answer)
    assert [page["name"] for page in sorted(dashboard["pages"], key=lambda page: page["position"])] == [
        "Home",
        "Cellar",
    ]
    assert [w["page_id"] for w in dashboard["widgets"]] == [dashboard["pages"][0]["id"], "p"]
    assert to_cloud(dashboard, "greenhouse")[0]["pages"] == answer["pages"]


def test_a_deleted_variable_is_named():
    _, notes = to_board(rest_answer(has_unlinked_variable=True, variables=None))
    assert notes == ['file: widget 1 "Shade" was bound to a variable that the cloud has deleted']


def test_an_id_without_a_name_is_named():
    _, notes = to_board(widget(variables=[{"thing_id": "tank", "variable_id": TEMPERATURE_ID}]))
    assert len(notes) == 1 and TEMPERATURE_ID in notes[0] and 'widget 1 "Level"' in notes[0]


def test_an_id_with_a_name_beside_it_is_bound_by_the_name():
    variable = {"thing_id": "tank", "variable_id": TEMPERATURE_ID, "name": "level"}
    dashboard, notes = to_board(widget(variables=[variable]))
    assert notes == []
    assert dashboard["widgets"][0]["variables"] == LEVEL["variables"]


def test_an_unknown_type_is_kept_and_named():
    dashboard, notes = to_board(widget(type="Holo Gram"))
    assert dashboard["widgets"][0]["type"] == "Holo Gram"
    assert notes == ['file: widget 1 "Level" has the type "Holo Gram", which the board\'s page does not know']


def test_types_are_known_with_and_without_spaces():
    for kind in ("Push Button", "PushButton"):
        assert to_board(widget(type=kind))[0]["widgets"][0]["type"] == "PushButton"


def test_options_of_the_cloud_alone_are_left_out():
    options = {"created_by": "me", "thingId": THING_ID, "properties": [], "min": 0, "mine": {"a": None}}
    assert to_board(widget(options=options))[0]["widgets"][0]["options"] == {"min": 0, "mine": {"a": None}}


def test_sizes_of_zero_are_none():
    zeros = dict.fromkeys(("x", "y", "width", "height"), 0)
    assert to_board(widget(**zeros))[0]["widgets"] == [LEVEL]
    assert to_board(widget(x=0, y=0))[0]["widgets"] == [{**LEVEL, "x": 0, "y": 0}]


def test_widgets_of_other_things_are_left_out_and_named():
    data = widget(type="Advanced Chart", options={"axes": {"tank:level": "left", "yard:level": "right"}})
    data["widgets"][0]["variables"] = [{"thing_id": t, "variable_id": "level"} for t in ("tank", "yard")]
    data["widgets"].append(
        {"type": "LED", "name": "Gate", "variables": [{"thing_id": "yard", "variable_id": "x"}]}
    )
    data["widgets"].append({"type": "Sticky Note"})
    dashboard, notes = to_board(data, "tank")
    assert [w["type"] for w in dashboard["widgets"]] == ["AdvancedChart", "StickyNote"]
    assert dashboard["widgets"][0]["variables"] == LEVEL["variables"]
    assert dashboard["widgets"][0]["options"] == {"axes": {"tank:level": "left"}}
    assert notes == [
        'file: widget 1 "Level" is shown without "level" of the Thing "yard"',
        'file: widget 2 "Gate" is left out: its Thing is "yard"',
    ]


def test_several_things_are_named_when_none_is_chosen():
    data = widget()
    data["widgets"].append({"type": "LED", "variables": [{"thing_id": "yard", "variable_id": "x"}]})
    dashboard, notes = to_board(data)
    assert len(dashboard["widgets"]) == 2
    assert '"tank", "yard"' in notes[0] and "--thing" in notes[0]


def test_names_are_checked_and_near_ones_suggested():
    _, notes = to_board(widget(), names=["levels", "led"])
    assert notes == [
        'file: widget 1 "Level" is bound to "level": there is no such variable; did you mean "levels"?'
    ]
    assert to_board(widget(), names=["level"])[1] == []


@pytest.mark.parametrize(
    "content", [["level"], {"level": {"name": "level", "type": "int"}}, [{"name": "level", "type": "int"}]]
)
def test_names_come_from_a_list_or_from_the_board(tmp_path, content):
    (tmp_path / "names.json").write_text(json.dumps(content))
    (tmp_path / "in.json").write_text(json.dumps(widget()))
    done = run(tmp_path / "in.json", "--variables", tmp_path / "names.json", "-o", tmp_path / "out.json")
    assert (done.returncode, done.stderr) == (0, "")


def test_template_to_board_to_template_is_the_same_dashboard():
    dashboard, _ = to_board(read(GREENHOUSE))
    template, overrides = to_cloud(dashboard)
    assert overrides == {"greenhouse": None}
    assert to_board(template)[0] == dashboard
    assert [w["type"] for w in template["widgets"]] == [w["type"] for w in read(GREENHOUSE)["widgets"]]
    assert template["pages"] == read(GREENHOUSE)["pages"]


@pytest.mark.parametrize("thing", [None, "greenhouse", "My place: 1,2", THING_ID])
@pytest.mark.parametrize("source", [read(GREENHOUSE), rest_answer()], ids=["template", "rest"])
def test_export_is_what_the_cli_asks_for(source, thing):
    template, overrides = to_cloud(to_board(source)[0], thing)
    assert set(overrides.values()) == ({THING_ID} if thing == THING_ID else {None})
    overrides = dict.fromkeys(overrides, THING_ID)
    names = {v.name for w in checked(source, "file", pytest.fail).widgets for v in w.variables}
    created = create(template, overrides, {THING_ID: names})
    assert sum(len(bound) for _, bound in created) == sum(
        len(w.get("variables") or ()) for w in source["widgets"]
    )


def test_export_gives_each_things_id_its_placeholder():
    data = widget(variables=[{"thing_id": i, "variable_id": "level"} for i in (THING_ID, OTHER_ID)])
    template, overrides = to_cloud(data)
    assert overrides == {"thing": THING_ID, "thing-2": OTHER_ID}
    assert [v["thing_id"] for v in template["widgets"][0]["variables"]] == ["thing", "thing-2"]


def test_export_of_widgets_that_an_editor_added_asks_for_the_thing():
    data = widget(variables=[{"name": "level"}])
    with pytest.raises(BadFile, match='widget 1 "Level".*--thing'):
        to_cloud(data)
    assert to_cloud(data, "tank")[0]["widgets"][0]["variables"] == LEVEL["variables"]


def test_commands_there_and_back(tmp_path):
    there, back, again = (tmp_path / name for name in ("dashboard.json", "out.yaml", "again.json"))
    done = run(GREENHOUSE, "--thing", "greenhouse", "-o", there)
    assert (done.returncode, done.stderr) == (0, "")
    assert "26 widgets" in done.stdout
    done = run("--export", there, "--thing", THING_ID, "-o", back)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"dashboard create --template {back} --override thing={THING_ID}" in done.stdout
    assert run(back, "-o", again).returncode == 0
    assert again.read_text() == there.read_text().replace(
        '"thing_id":"greenhouse"', '"thing_id":"thing"'
    ).replace("greenhouse:", "thing:")
    assert run("--export", there, "-o", tmp_path / "out.json").returncode == 0
    assert to_board(json.loads((tmp_path / "out.json").read_text()))[0] == json.loads(there.read_text())
    assert not list(tmp_path.glob("*.new"))


def test_a_dashboard_too_large_for_the_editor_is_named():
    _, notes = to_board(widget(options={"text": "x" * 17000}))
    assert len(notes) == 1 and "16,384" in notes[0]


BAD_DATA = [
    ([], "holds no dashboard"),
    ("text", "holds no dashboard"),
    (None, "holds no dashboard"),
    ({"name": "a Thing", "variables": []}, "holds no dashboard"),
    ({"widgets": {}}, "widgets must be a list"),
    ({"widgets": ["LED"]}, "widget 1 must be an object"),
    ({"widgets": [{"name": "Level"}]}, 'widget 1 "Level" has no type'),
    (widget(type=["LED"]), 'widget 1 "Level": type must be text'),
    (widget(name=True), "widget 1: name must be text"),
    (widget(name="\ud800"), "widget 1: name has half a character"),
    (widget(x=-1), 'widget 1 "Level": x must be a whole number'),
    (widget(width=1.5), 'widget 1 "Level": width must be a whole number'),
    (widget(height_mobile="4"), 'widget 1 "Level": height_mobile must be a whole number'),
    (widget(y=True), 'widget 1 "Level": y must be a whole number'),
    (widget(variables={}), 'widget 1 "Level": variables must be a list'),
    (widget(variables=["level"]), 'widget 1 "Level": a variable must be an object'),
    (widget(variables=[{"thing_id": "tank"}]), 'widget 1 "Level": a variable has neither'),
    (widget(options=[]), 'widget 1 "Level": options must be an object'),
    (widget(options={"max": float("inf")}), 'widget 1 "Level": options hold what JSON cannot'),
    (widget(options={"text": "\udfff"}), 'widget 1 "Level": options hold what JSON cannot'),
    ({**widget(), "pages": [{"name": "a"}]}, "page 1 has no id"),
    ({**widget(), "pages": [{"id": "a"}]}, "page 1 has no name"),
    ({**widget(), "pages": [3]}, "page 1 must be an object"),
    ({**widget(), "pages": [{"id": "a", "name": "a", "position": "1"}]}, "page 1: position must be"),
    ({**widget(), "pages": [{"id": "a", "name": "a"}] * 2}, 'two pages have the id "a"'),
]


@pytest.mark.parametrize("data, problem", BAD_DATA, ids=[problem for _, problem in BAD_DATA])
def test_bad_data_is_refused_with_its_place(data, problem):
    with pytest.raises(BadFile) as refused:
        to_board(data)
    assert problem in str(refused.value)
    assert str(refused.value).startswith("file")


def test_a_thing_that_is_not_there_is_refused():
    with pytest.raises(BadFile, match='nothing of the Thing "yard"; it shows "tank"'):
        to_board(widget(), "yard")


BAD_TEXT = [
    (b"", "holds no dashboard"),
    (b"\xff\xfe\xff", "not text"),
    (b"\x89PNG\r\n", "not text in UTF-8"),
    (b'{"widgets": [,]}', "not JSON"),
    (b"widgets:\n  - type: LED\n    x: [1,\n", "not YAML"),
    (b"widgets:\n  - x: 1\n    x: 2\n", "x is there twice, line 3 column 5"),
    (b"a: &a [1]\nwidgets: *a\n", "an alias is not taken here, line 2 column 10"),
    (b"widgets: !!python/object:os.system []\n", "not YAML"),
    (b"? [a]\n: b\n", "not YAML"),
    (b"[" * 100000, "nested too deeply"),
    (b"widgets: []\n---\nwidgets: []\n", "not YAML"),
    (b"widgets: [{type: LED, x: " + b"9" * 5000 + b"}]", "not YAML"),
]


@pytest.mark.parametrize("text, problem", BAD_TEXT, ids=[problem for _, problem in BAD_TEXT])
def test_bad_text_is_refused(tmp_path, text, problem):
    file = tmp_path / "dashboard.yaml"
    file.write_bytes(text)
    with pytest.raises(BadFile) as refused:
        checked(read(file), file, pytest.fail)
    assert problem in str(refused.value)
    assert str(refused.value).startswith(str(file))
    assert "\n" not in str(refused.value)


def test_a_refused_file_writes_nothing(tmp_path):
    (tmp_path / "in.json").write_text(json.dumps(widget(x=-1)))
    out = tmp_path / "dashboard.json"
    out.write_text("kept")
    for options in ([], ["--export"]):
        done = run(tmp_path / "in.json", *options, "-o", out)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f'tools.template: {tmp_path / "in.json"}: widget 1 "Level": x must be')
        assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dashboard.json", "in.json"]
    assert out.read_text() == "kept"


def test_files_that_cannot_be_read_or_written_are_named(tmp_path):
    (tmp_path / "in.json").write_text(json.dumps(widget()))
    for arguments, problem in (
        ((tmp_path / "none.yaml",), "none.yaml cannot be read: No such file"),
        ((tmp_path / "in.json", "-o", tmp_path / "no" / "where.json"), "where.json cannot be written"),
        ((tmp_path / "in.json", "-o", tmp_path), "cannot be written"),
        ((tmp_path / "in.json", "-o", tmp_path / "in.json"), "in.json would be overwritten"),
        ((tmp_path / "in.json", "--variables", tmp_path / "none"), "none cannot be read"),
        ((tmp_path / "in.json", "--variables", tmp_path / "in.json", "-o", tmp_path / "out"), None),
    ):
        done = run(*arguments)
        if problem is None:
            assert done.returncode == 0 and 'is bound to "level"' in done.stderr
            continue
        assert done.returncode == 2
        assert problem in done.stderr and done.stderr.count("\n") == 1


text = st.text(max_size=20) | st.sampled_from(
    [
        "on",
        "no",
        "null",
        "~",
        "1",
        "007",
        "1e3",
        "0x1f",
        "0o7",
        "1_0",
        ".5",
        "06:30",
        "2026-01-01",
        "=",
        "<<",
        "y",
    ]
)
names = text.filter(bool)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
options = st.dictionaries(names, st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
cells = st.integers(0, 30) | st.none()
widgets = st.fixed_dictionaries(
    {
        "type": st.sampled_from(CLOUD_TYPES) | names,
        "name": text,
        "page_id": st.sampled_from(["", "0", "p", "q"]),
        "variables": st.lists(st.fixed_dictionaries({"thing_id": st.just("tank"), "variable_id": names})),
        "options": options,
        **{name + at: cells for name in ("x", "y", "width", "height") for at in ("", "_mobile")},
    }
)
pages = st.sampled_from(
    [[], [{"id": "p", "name": "P", "position": 3}, {"id": "q", "name": "Q", "position": 1}]]
)


@given(st.fixed_dictionaries({"name": names, "pages": pages, "widgets": st.lists(widgets, max_size=4)}))
def test_any_dashboard_survives_there_and_back(tmp_path_factory, data):
    there, _ = to_board(data)
    document, _ = cloud.template(checked(there, "file", list().append), None, "file")
    file = tmp_path_factory.getbasetemp() / "template.yaml"
    for as_json in (False, True):
        file.write_bytes(cloud.encode(document, as_json))
        assert read(file) == document
        assert to_board(read(file))[0] == there
