"""Takes the pictures of every widget, light and dark, on a phone and on a desktop, from a running board."""

import contextlib
import shutil
import struct
import tempfile
import zlib
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import ROOT
from tools.local import Board, Cloud

from . import every_widget

SCHEMES = "light", "dark"
WIDTHS = 320, 1280
# Chromium dithers its gradients: with 32 steps of each colour a picture is half as large.
FEWER_COLOURS = """async picture => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = data.filter((_, i) => i % 4 < 3).map(value => value & 0xf8 | value >> 5);
  return [width, height, new Uint8Array(rgb).toBase64()];
}"""
TODAY = datetime(2026, 6, 25, 18)


def file(scheme, width):
    return ROOT / "web" / f"widgets-{scheme}-{width}.png"


@contextlib.contextmanager
def greenhouse(folder):
    """The board with every widget, linked to a cloud."""
    main = folder / "main.py"
    main.write_text(every_widget.SCRIPT)
    every_widget.fill(folder / "flash")
    with Cloud(folder / "cloud", []) as cloud:
        secrets = cloud.folder / "secrets.py"
        with Board(main, secrets, flash=folder / "flash") as board:
            board.wait_for("Cloud: connected")
            yield board


def take(browser, url, scheme, width):
    """The PNG of the page, always of the same moment."""
    options = {"timezone_id": "UTC", "locale": "en-GB", "viewport": {"width": width, "height": 600}}
    with browser.new_context(color_scheme=scheme, reduced_motion="reduce", **options) as context:
        page = context.new_page()
        page.clock.set_fixed_time(TODAY)
        page.goto(url)
        for text in "Board connected", "Cloud connected", "watering done":
            page.get_by_text(text).wait_for()
        for title in "Today", "Climate":
            show_day(page, title)
        page.get_by_role("group", name="Cart", exact=True).get_by_label("range").select_option("1 d")
        page.locator(".track[d*=L]").wait_for(state="attached")
        page.locator("img").evaluate_all("all => Promise.all(all.map(it => it.decode()))")
        picture = page.screenshot(full_page=True, animations="disabled")
        page.goto("about:blank")
        width, height, rgb = page.evaluate(FEWER_COLOURS, b64encode(picture).decode())
        return png(width, height, b64decode(rgb))


def show_day(page, title):
    """Shows the last day in a chart, as soon as the board has told it: then the table is long."""
    card = page.get_by_role("group", name=title, exact=True)
    card.get_by_label("range").select_option("1 d")
    summary = card.get_by_text("table", exact=True)
    summary.click()
    card.get_by_role("row").nth(40).wait_for()
    summary.click()


def png(width, height, rgb):
    """A PNG file of these pixels. With rows as they are (filter 0) flat colours become small."""
    rows = b"".join(b"\0" + rgb[i : i + 3 * width] for i in range(0, len(rgb), 3 * width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        with greenhouse(Path(folder)) as board:
            for scheme in SCHEMES:
                for width in WIDTHS:
                    target = file(scheme, width)
                    size = target.write_bytes(take(browser, board.page.url, scheme, width))
                    print(f"{target.relative_to(ROOT)}: {size} bytes")
        browser.close()


if __name__ == "__main__":
    main()
