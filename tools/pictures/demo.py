"""Takes the README's first picture: the pages of the running demo's board and cloud, side by side."""

import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import ROOT
from tools.processes import free_port

TARGET = ROOT / "web" / "pages.png"
WIDTH, HEIGHT = 460, 590
STYLE = """
body { margin: 24px; display: flex; gap: 24px; background: #fff }
figure { margin: 0 }
figcaption { font: 15px system-ui; color: #556; margin: 0 0 8px 4px }
img { display: block; border-radius: 12px; box-shadow: 0 1px 6px #0003 }
"""


def shown(browser, url):
    """The PNG of one page, once both sides are connected; it lets nobody frame it."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(url)
    page.get_by_text("Board connected").wait_for()
    page.get_by_text("Cloud connected").wait_for()
    page.get_by_role("img", name="led: on").wait_for()
    return b64encode(page.screenshot(animations="disabled")).decode()


def take(board, cloud, target):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        figures = "".join(
            f"<figure><figcaption>{caption}</figcaption>"
            f'<img src="data:image/png;base64,{shown(browser, url)}"></figure>'
            for caption, url in (("On the board", board), ("In the cloud", cloud))
        )
        page = browser.new_page(viewport={"width": 2 * WIDTH + 72, "height": HEIGHT + 76})
        page.set_content(f"<style>{STYLE}</style>{figures}")
        page.screenshot(path=target)
        browser.close()


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    board, cloud = free_port(), free_port()
    command = [sys.executable, "-m", "tools.demo", "--board-port", str(board), "--cloud-port", str(cloud)]
    demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        for line in demo.stdout:
            if "Ctrl-C" in line:
                take(f"http://127.0.0.1:{board}/", f"http://127.0.0.1:{cloud}/", target)
                break
    finally:
        demo.terminate()
        demo.communicate()


if __name__ == "__main__":
    main()
