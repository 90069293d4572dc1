"""The setup page in a browser, beside a board that says what the test wants."""

import pytest
from axe import text, violations
from playwright.sync_api import expect
from stand_in import DONE, FRESH, NETWORKS, SETTINGS, TRYING, URL, opened

REFUSED = {"state": "failed", "error": "workshop refuses this password", "about": "wifi"}
FILES = {"main.py": "1", "secrets.py": None, "lib/sideboard/page.py": "3", "files/a plan?.png": "2"}
WILD = [
    {"ssid": "<img src=x onerror=alert(1)>", "rssi": -40, "open": True},
    {"ssid": "😀😃😄😁😆😅🤣😂", "rssi": -60, "open": False},
    {"ssid": "שלום עולם", "rssi": -80, "open": False},
    {"ssid": "W" * 32, "rssi": -99, "open": False},
    {"ssid": '" onclick="alert(1)', "rssi": 0, "open": False},
]


def network(page, name):
    return page.get_by_role("button", name=name)


def fill(page):
    network(page, "workshop").click()
    page.get_by_label("Its password").fill("correct horse")
    page.get_by_label("Device ID").fill("ef77wer8-0432")
    page.get_by_label("Secret Key").fill("TQHFHEKKK")


def save(page):
    """Once the board has answered."""
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="Save and connect").click()


FILLED = {"device_id": "ef77wer8-0432", "secret_key": "TQHFHEKKK", "wifi": [["workshop", "correct horse"]]}


def test_networks_in_reach_are_shown_with_strength_and_lock(chromium):
    with opened(chromium, FRESH) as (page, _):
        buttons = page.locator("#networks button")
        expect(buttons).to_have_text(["workshop▂▄▆█", "home▂▄▁▁", "café▁▁▁▁"])
        for name in "workshop locked 4 of 4 bars", "home locked 2 of 4 bars", "café 0 of 4 bars":
            expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
        expect(page.get_by_role("heading", name="Files")).to_be_hidden()


def test_page_asks_again_until_networks_are_found(chromium):
    with opened(chromium, {**FRESH, "networks": []}) as (page, board):
        expect(page.get_by_role("status")).to_have_text("Searching for networks…")
        board.said["networks"] = NETWORKS
        expect(network(page, "workshop")).to_be_visible()
        expect(page.get_by_role("status")).to_be_empty()


def test_what_was_typed_is_tried_and_the_new_address_is_given(chromium):
    with opened(chromium, FRESH, TRYING, TRYING) as (page, board):
        fill(page)
        expect(page.get_by_label("Its password")).to_have_attribute("type", "password")
        expect(network(page, "workshop")).to_have_attribute("aria-pressed", "true")
        save(page)
        expect(page.get_by_role("status")).to_have_text("Trying… Stay in this Wi-Fi.")
        assert board.written() == [FILLED]
        board.then.append(DONE)
        expect(page.get_by_role("status")).to_contain_text("Go back to your own Wi-Fi")
        links = page.get_by_role("link")
        expect(links).to_have_text(["http://192.168.1.9/", "http://sideboard-ef77.local/"])
        assert links.first.get_attribute("href") == "http://192.168.1.9/"
        expect(page.locator("form")).to_be_hidden()


def test_network_that_is_picked_asks_for_its_password_and_an_open_one_does_not(chromium):
    with opened(chromium, FRESH) as (page, _):
        network(page, "workshop").click()
        expect(page.get_by_label("Network")).to_have_value("workshop")
        expect(page.get_by_label("Its password")).to_be_focused()
        network(page, "café").click()
        expect(page.get_by_label("Network")).to_have_value("café")
        expect(network(page, "café")).to_be_focused()
        expect(network(page, "workshop")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("about", "label"), [("wifi", "Its password"), ("cloud", "Secret Key"), (None, "Save and connect")]
)
def test_what_failed_is_said_behind_what_it_is_about_and_all_that_was_typed_is_kept(chromium, about, label):
    with opened(chromium, FRESH, TRYING, {**REFUSED, "about": about}, TRYING, DONE) as (page, board):
        fill(page)
        page.get_by_label("Name").fill("shed")
        save(page)
        alert = page.get_by_role("alert")
        expect(alert).to_have_text("workshop refuses this password")
        field = page.get_by_label(label).or_(page.get_by_role("button", name=label))
        expect(field).to_be_focused()
        behind = "it => it.parentNode.nextElementSibling.role"
        assert field.evaluate(behind) == "alert"
        page.get_by_label("Its password").fill("horse correct")
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Done")
        again = [["workshop", "horse correct"]]
        assert board.written()[1:] == [{**FILLED, "hostname": "shed", "wifi": again}]


def test_settings_that_the_board_does_not_take_are_said_at_once(chromium):
    with opened(chromium, FRESH) as (page, board):
        fill(page)
        board.refusal = 422, {"error": "DEVICE_ID is no device's id", "about": "cloud"}
        save(page)
        expect(page.get_by_role("alert")).to_have_text("DEVICE_ID is no device's id")
        expect(page.get_by_label("Secret Key")).to_be_focused()


def test_board_that_is_out_of_reach_for_a_while_is_asked_again(chromium):
    with opened(chromium, FRESH, TRYING) as (page, board):
        fill(page)
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Trying")
        board.is_there = False
        expect(page.get_by_role("status")).to_have_text("No answer. Are you in the board's Wi-Fi?")
        board.then.append(DONE)
        board.is_there = True
        expect(page.get_by_role("status")).to_contain_text("Done")


def test_hidden_network_is_typed_and_empty_fields_are_not_sent(chromium):
    with opened(chromium, FRESH) as (page, board):
        page.get_by_label("Network").fill("cellar")
        page.get_by_label("Show passwords").check()
        page.get_by_label("Its password").fill("under the stairs")
        for label in "Its password", "Secret Key", "Page password":
            expect(page.get_by_label(label)).to_have_attribute("type", "text")
        page.get_by_label("Show passwords").uncheck()
        expect(page.get_by_label("Its password")).to_have_attribute("type", "password")
        save(page)
        assert board.written() == [{"wifi": [["cellar", "under the stairs"]]}]


def test_names_of_networks_are_only_ever_shown(chromium):
    with opened(chromium, {**FRESH, "networks": WILD, "known": [WILD[0]["ssid"]]}) as (page, _):
        expect(page.locator("#networks bdi")).to_have_text([one["ssid"] for one in WILD])
        expect(page.locator("#known")).to_have_text("Keep " + WILD[0]["ssid"])
        assert page.locator("main img, main [onclick]").count() == 0
        network(page, WILD[1]["ssid"]).click()
        expect(page.get_by_label("Network")).to_have_value(WILD[1]["ssid"])


def test_known_networks_stay_without_their_passwords_being_known(chromium):
    with opened(chromium, SETTINGS) as (page, board):
        page.get_by_label("Keep home").uncheck()
        save(page)
        page.get_by_label("Network").fill("garage")
        page.get_by_label("Its password").fill("new password")
        save(page)
        assert board.written() == [{"wifi": [["garage", None]]}, {"wifi": [["garage", "new password"]]}]


def test_new_name_leaves_the_networks_alone_and_waits_for_the_next_start(chromium):
    with opened(chromium, SETTINGS, DONE) as (page, board):
        expect(page.get_by_label("Name")).to_have_attribute("placeholder", "sideboard-ef77")
        page.get_by_label("Name").fill("shed")
        save(page)
        expect(page.get_by_role("status")).to_have_text("Saved for the next start.")
        expect(page.get_by_role("button", name="Restart")).to_be_visible()
        assert board.written() == [{"hostname": "shed"}]


def test_board_that_restarts_with_a_new_name_is_found_by_that(chromium):
    with opened(chromium, SETTINGS, TRYING, {**DONE, "address": None}) as (page, _):
        page.get_by_label("Name").fill("shed")
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Done")
        expect(page.get_by_role("link")).to_have_text(["http://shed.local/"])


def test_files_are_listed_taken_brought_and_deleted(chromium):
    with opened(chromium, SETTINGS, files=dict(FILES)) as (page, board):
        files, links = page.get_by_role("listitem"), page.get_by_role("listitem").get_by_role("link")
        expect(files).to_contain_text(["files/a plan?.png", "main.py", "secrets.py"])
        expect(links).to_have_text(["files/a plan?.png", "main.py"])
        with page.expect_download() as download:
            links.first.click()
        assert download.value.url == URL + "/api/files/files/a%20plan%3F.png"
        upload = page.get_by_label("Upload")
        upload.set_input_files({"name": "main.py", "mimeType": "text/plain", "buffer": b"print(1)"})
        upload.set_input_files({"name": "cat #1.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
        expect(links).to_have_count(3)
        brought = [one for one in board.asked if one[0] == "PUT"]
        assert brought == [
            ("PUT", "/api/files/main.py", b"print(1)"),
            ("PUT", "/api/files/files/cat%20%231.svg", b"<svg/>"),
        ]
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Delete main.py").click()
        expect(links).to_have_count(2)
        assert "main.py" not in board.files


def test_board_that_gives_no_files_says_why(chromium):
    with opened(chromium, SETTINGS, files="files need a password on the board") as (page, _):
        expect(page.get_by_role("alert")).to_have_text("files need a password on the board")
        expect(page.get_by_role("listitem")).to_have_count(0)


def test_first_start_comes_back_only_after_a_yes(chromium):
    with opened(chromium, SETTINGS) as (page, board):
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Back to a first start").click()
        assert all(method == "GET" for method, _, _ in board.asked)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Back to a first start").click()
        expect(page.get_by_role("status")).to_have_text("The board starts anew: join its Wi-Fi.")
        assert ("DELETE", "/api/setup", None) in board.asked


def test_restart_is_said_until_the_board_is_back(chromium):
    with opened(chromium, SETTINGS) as (page, board):
        page.get_by_role("button", name="Restart").click()
        expect(page.get_by_role("status")).to_have_text("The board restarts…")
        expect(page.get_by_role("status")).to_be_empty()
        assert ("POST", "/api/restart", None) in board.asked


@pytest.fixture(scope="module")
def axe():
    return text()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_all_fits_in_every_state(chromium, axe, scheme, width):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 640}}

    def look(page, state):
        assert violations(page, axe) == [], state
        for direction in "rtl", "ltr":
            page.evaluate("direction => (document.dir = direction)", direction)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state

    with opened(chromium, {**FRESH, "networks": WILD}, TRYING, REFUSED, DONE, **options) as (page, _):
        network(page, "WWW").click()
        look(page, "first start")
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Trying")
        look(page, "trying")
        expect(page.get_by_role("alert")).to_contain_text("refuses")
        look(page, "failed")
        save(page)
        expect(page.get_by_role("status")).to_contain_text("Done")
        look(page, "done")
    with opened(chromium, SETTINGS, files={**FILES, "files/" + "x" * 60: "3"}, **options) as (page, _):
        expect(page.get_by_role("listitem")).to_have_count(4)
        look(page, "settings")


def test_setup_is_used_by_keyboard_alone(chromium):
    with opened(chromium, FRESH, DONE) as (page, board):
        expect(network(page, "workshop")).to_be_visible()
        page.keyboard.press("Tab")
        expect(network(page, "workshop")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.type("correct horse")
        for typed in "Tab", "Tab", "ef77wer8-0432", "Tab", "TQHFHEKKK", "Enter":
            page.keyboard.press(typed) if typed in ("Tab", "Enter") else page.keyboard.type(typed)
        expect(page.get_by_role("status")).to_contain_text("Done")
        assert board.written() == [FILLED]
