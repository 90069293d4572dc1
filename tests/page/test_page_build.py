"""The committed page, and what it loads on need, are what `make web` builds from `web/`, and small."""

import gzip
import re

import pytest

from tools import web

PAGE = web.PAGE.read_bytes()
TEXT = gzip.decompress(PAGE).decode()
MORE = web.MORE.read_bytes()
MORE_TEXT = gzip.decompress(MORE).decode()


def test_page_is_built_from_the_present_sources():
    digest = web.digest(web.page_sources())
    assert TEXT.endswith(f"<!--{digest}-->"), "web/ has changed since the last `make web`"
    digest = web.digest(web.more_sources())
    assert MORE_TEXT.endswith(f"//{digest}"), "web/ has changed since the last `make web`"


def test_page_is_small():
    assert len(PAGE) <= 9_216
    assert len(MORE) <= 7_680


def test_page_holds_no_build_time():
    assert PAGE[3:8] == MORE[3:8] == bytes(5)  # gzip's flags and its time


def test_page_loads_nothing():
    assert not re.search(r"\ssrc=|@import|url\(", TEXT)
    assert re.findall(r'import\("([^"]*)"', TEXT) == ["/more.js?", "/editor.js"]
    links = set(re.findall(r'href="([^"]*)"', TEXT))
    assert {link for link in links if not link.startswith("data:")} == {"/setup"}  # to be followed
    # The icon's XML name space is no address; a map has a link, which a visitor may follow.
    assert set(re.findall(r"https?://[\w.]+", TEXT)) == {"http://www.w3.org"}
    assert set(re.findall(r"https?://[\w.]+", MORE_TEXT)) == {"https://www.openstreetmap.org"}


def test_building_again_gives_the_same_page():
    try:
        web.install_programs()
    except web.BuildError as error:
        pytest.fail(str(error))
    assert web.html() == TEXT
    assert web.more() == MORE_TEXT


def test_compressing_again_gives_the_same_bytes():
    assert web.compress(TEXT) == PAGE
    assert web.compress(MORE_TEXT) == MORE
