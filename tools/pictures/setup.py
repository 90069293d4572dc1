"""Takes the README's picture of a first start: the setup page of a fresh demo's board, as on a phone."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import ROOT
from tools.processes import Process, free_port

TARGET = ROOT / "web" / "setup.png"
WIDTH, HEIGHT = 360, 600


def take(url, target):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(url)
        page.get_by_role("button", name="home").click()
        page.get_by_label("Its password").fill("correct horse")
        page.get_by_label("Device ID").fill("ef77wer8-0432-4574-85e1-54e3d5cac861")
        page.get_by_label("Secret Key").fill("TQHFHEKKKLSYMPB1OZLF")
        page.screenshot(path=target, animations="disabled", caret="hide", full_page=True)
        browser.close()


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    board, cloud = free_port(), free_port()
    ports = "--board-port", board, "--cloud-port", cloud
    with Process(sys.executable, "-m", "tools.demo", "--fresh", *ports) as demo:
        demo.wait_for("Secret Key:", 40)
        take(f"http://127.0.0.1:{board}/setup", target)


if __name__ == "__main__":
    main()
