"""The committed setup page is the one that `make web` builds from `web/setup/`, and it is small."""

import gzip
import re

import pytest

from tools import web

SETUP = web.SETUP.read_bytes()
TEXT = gzip.decompress(SETUP).decode()


def test_setup_is_built_from_the_present_sources():
    digest = web.digest(web.setup_sources())
    assert TEXT.endswith(f"<!--{digest}-->"), "web/setup/ has changed since the last `make web`"


def test_setup_is_small():
    assert len(SETUP) <= 3072


def test_setup_holds_no_build_time():
    assert SETUP[3:8] == bytes(5)  # gzip's flags and its time


def test_setup_loads_nothing():
    assert not re.search(r"\bimport\b|\ssrc=|url\(", TEXT)
    assert re.findall(r'href="([^"]*)"', TEXT) == ["data:,", "/"]  # no icon, and the link to the dashboard
    assert not re.findall(r"https?://\w", TEXT)


def test_building_again_gives_the_same_setup():
    try:
        web.install_programs()
    except web.BuildError as error:
        pytest.fail(str(error))
    assert web.setup() == TEXT
    assert web.compress(TEXT) == SETUP
