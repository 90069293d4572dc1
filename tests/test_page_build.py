"""The committed page is the one that `make web` builds from `web/`, and it is small."""

import gzip
import re
import sys
import zlib

import pytest

from tools import web

PAGE = web.PAGE.read_bytes()
TEXT = gzip.decompress(PAGE).decode()


def test_page_is_built_from_the_present_sources():
    assert TEXT.endswith(f"<!--{web.digest()}-->"), "web/ has changed since the last `make web`"


def test_page_is_small():
    assert len(PAGE) <= 6144


def test_page_holds_no_build_time():
    assert PAGE[3:8] == bytes(5)  # gzip's flags and its time


def test_page_loads_nothing():
    assert "http://" not in TEXT and "https://" not in TEXT
    assert not re.search(r"\ssrc=|@import|url\(|import\(", TEXT)
    assert re.findall(r'href="([^"]*)"', TEXT) == ["data:,"]


def test_building_again_gives_the_same_page():
    try:
        web.install_esbuild()
    except web.BuildError as error:
        pytest.skip(str(error))
    assert web.html() == TEXT


def test_compressing_again_gives_the_same_bytes():
    if sys.platform != "linux" or not re.fullmatch(r"1\.[23][.0-9]*", zlib.ZLIB_RUNTIME_VERSION):
        pytest.skip("compares with plain zlib on Linux: zlib-ng and macOS's zlib compress to other bytes")
    assert web.compress(TEXT) == PAGE
