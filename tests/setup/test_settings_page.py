"""Settings of a running board, with the modules that `make deploy` brings, in a real browser."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tools import ROOT, library
from tools.local import Board, Cloud

PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """A folder of the modules and pages that a board gets by deploy."""
    folder = tmp_path_factory.mktemp("modules")
    library.compile_into(folder, {**library.modules(), "boards.py": ROOT / "device" / "boards.py"})
    for file in (ROOT / "device" / "sideboard").glob("*.gz"):
        shutil.copy(file, folder / "sideboard")
    return folder


class SetBoard(Board):
    """A board in its Wi-Fi and in the cloud, and its flash."""

    def __init__(self, folder, modules, *lines):
        with Cloud(folder / "cloud", []) as cloud:  # its settings; the board goes on without it
            secrets = cloud.folder / "secrets.py"
        secrets.write_text(secrets.read_text() + "".join(f"{line}\n" for line in lines))
        self.flash = folder / "flash"
        super().__init__(ROOT / "device" / "main.py", secrets, flash=self.flash, library=modules)
        self.wait_for("Dashboard:")

    def settings(self):
        """Those in its secrets.py now."""
        values = {}
        exec((self.flash / "secrets.py").read_text(), values)
        return values


@pytest.fixture
def board(tmp_path, modules):
    with SetBoard(tmp_path, modules, f"DASHBOARD_PASSWORD = {PASSWORD!r}") as board:
        yield board


@pytest.fixture
def page(chromium, board):
    """The owner's Settings."""
    with chromium.new_context() as context:
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(board.page.url)
        log_in(page)
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_text("secrets.py")).to_be_visible()
        yield page


def log_in(page):
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_board_without_a_password_says_that_it_needs_one(chromium, tmp_path, modules):
    with SetBoard(tmp_path, modules) as board, chromium.new_context() as context:
        page = context.new_page()
        page.goto(board.page.url + "/setup")
        expect(page.get_by_role("status")).to_contain_text("DASHBOARD_PASSWORD")
        expect(page.get_by_role("heading", name="Files")).to_be_hidden()


def test_network_and_name_are_kept_and_used_after_a_restart(board, page):
    page.get_by_label("Network").fill("garage")
    page.get_by_label("Its password").fill("under the car")
    page.get_by_label("Name").fill("shed")
    page.get_by_role("button", name="Save and connect").click()
    expect(page.get_by_role("status")).to_have_text("Saved for the next start.")
    page.get_by_role("button", name="Restart").click()
    board.wait_for("MPY: reset")
    log_in(page)
    expect(page.get_by_label("Keep garage")).to_be_checked()
    expect(page.get_by_label("Name")).to_have_attribute("placeholder", "shed")
    page.get_by_label("Keep garage").uncheck()
    page.get_by_role("button", name="Save and connect").click()
    expect(page.get_by_role("status")).to_have_text("Saved for the next start.")
    settings = board.settings()
    assert (settings["WIFI_SSID"], settings["HOSTNAME"]) == ("sideboard", "shed")
    assert "garage" not in str(settings.get("WIFI"))


def test_files_are_brought_taken_and_deleted_but_secrets_are_not_given(board, page):
    entry = page.get_by_role("listitem")
    expect(entry.filter(has_text="secrets.py").get_by_role("link")).to_have_count(0)
    page.get_by_label("Upload").set_input_files(
        {"name": "plan 1.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="files/plan 1.svg").click()
    assert download.value.path().read_bytes() == b"<svg/>"
    page.get_by_role("button", name="Delete files/plan 1.svg").click()
    expect(entry.filter(has_text="plan")).to_have_count(0)
    assert not (board.flash / "files" / "plan 1.svg").exists()
    page.get_by_label("Upload").set_input_files(
        {"name": "what?.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    expect(page.get_by_role("alert")).not_to_be_empty()


def test_uploaded_key_is_not_among_the_files_that_guests_get(board, page):
    key = {"name": "device.pem", "mimeType": "application/x-pem-file", "buffer": b"secret"}
    page.get_by_label("Upload").set_input_files(key)
    expect(page.get_by_role("listitem").filter(has_text="device.pem")).to_have_text(re.compile("^device.pem"))
    assert (board.flash / "device.pem").read_bytes() == b"secret"
    assert not (board.flash / "files").exists()


def test_first_start_comes_back_and_nothing_secret_stays(board, page):
    page.get_by_role("button", name="Back to a first start").click()
    expect(page.get_by_role("status")).to_have_text("The board starts anew: join its Wi-Fi.")
    board.wait_for("access point", 20)
    text = (board.flash / "secrets.py").read_text()
    assert PASSWORD not in text and "WIFI" not in text and "KEY" not in text
    assert "CLOUD_SERVER" in text
    page.goto(board.page.url + "/setup")
    expect(page.get_by_label("Device ID")).to_be_visible()
    expect(page.get_by_role("heading", name="Files")).to_be_hidden()
