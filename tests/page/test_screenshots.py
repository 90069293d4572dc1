"""The page looks as in the pictures kept in `web/`, which the README shows. `make picture` renews them.

Compared are means of small squares: fonts and antialiasing differ from computer to computer.
"""

from base64 import b64encode

import pytest

from tools.pictures import widgets

# The part of the squares of eight pixels that differ by more than a tenth; 1 when the sizes differ.
DIFFERENCE = """async urls => {
  const SQUARE = 8;
  const images = await Promise.all(urls.map(async url => {
    const image = new Image();
    image.src = "data:image/png;base64," + url;
    await image.decode();
    return image;
  }));
  const [one, two] = images;
  if (one.width !== two.width || Math.abs(one.height / two.height - 1) > .02) return 1;
  const [a, b] = images.map(image => {
    const width = Math.ceil(one.width / SQUARE);
    const height = Math.floor(Math.min(one.height, two.height) / SQUARE);
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, one.width, height * SQUARE, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  });
  return a.filter((value, i) => Math.abs(value - b[i]) > 25).length / a.length;
}"""
TOLERANCE = 0.01


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with widgets.greenhouse(tmp_path_factory.mktemp("greenhouse")) as board:
        yield board


@pytest.fixture(scope="module")
def difference(chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        yield lambda *files: page.evaluate(DIFFERENCE, [b64encode(file).decode() for file in files])


@pytest.mark.parametrize("width", widgets.WIDTHS)
@pytest.mark.parametrize("scheme", widgets.SCHEMES)
def test_page_looks_as_kept(chromium, board, difference, scheme, width):
    kept = widgets.file(scheme, width).read_bytes()
    assert len(kept) < 150_000
    assert difference(kept, widgets.take(chromium, board.page.url, scheme, width)) < TOLERANCE


def test_other_colours_are_seen(chromium, board, difference):
    kept = widgets.file("light", 1280).read_bytes()
    for name, hue in ("light", 100), ("strip", 300):
        board.page.put(name, {"hue": hue})
    changed = difference(kept, widgets.take(chromium, board.page.url, "light", 1280))
    assert changed > TOLERANCE
