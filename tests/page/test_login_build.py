"""The committed login page is the one that `make web` builds from `web/login/`, and it is small."""

import gzip
import re

import pytest

from tools import web

LOGIN = web.LOGIN.read_bytes()
TEXT = gzip.decompress(LOGIN).decode()


def test_login_is_built_from_the_present_sources():
    digest = web.digest(web.login_sources())
    assert TEXT.endswith(f"<!--{digest}-->"), "web/login/ has changed since the last `make web`"


def test_login_is_small():
    assert len(LOGIN) <= 2200


def test_login_holds_no_build_time():
    assert LOGIN[3:8] == bytes(5)  # gzip's flags and its time


def test_login_loads_nothing():
    assert not re.search(r"\bimport\b|\ssrc=|url\(", TEXT)
    assert all(link.startswith("data:") for link in re.findall(r'href="([^"]*)"', TEXT))
    assert set(re.findall(r"https?://[\w.]+", TEXT)) == {"http://www.w3.org"}  # the icon's XML name space


def test_building_again_gives_the_same_login():
    try:
        web.install_programs()
    except web.BuildError as error:
        pytest.fail(str(error))
    assert web.login() == TEXT
    assert web.compress(TEXT) == LOGIN
