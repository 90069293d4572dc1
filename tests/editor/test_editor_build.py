"""The committed editor is the one that `make web` builds from `web/editor/`, and it is small."""

import gzip
import re

import pytest

from tools import web

EDITOR = web.EDITOR.read_bytes()
TEXT = gzip.decompress(EDITOR).decode()


def test_editor_is_built_from_the_present_sources():
    digest = web.digest(web.editor_sources())
    assert TEXT.endswith(f"//{digest}"), "web/ has changed since the last `make web`"


def test_editor_is_small():
    assert len(EDITOR) <= 7600


def test_editor_holds_no_build_time():
    assert EDITOR[3:8] == bytes(5)  # gzip's flags and its time


def test_editor_loads_nothing():
    assert not re.search(r"\bimport\b|\ssrc=|url\(|https?://", TEXT)


def test_building_again_gives_the_same_editor():
    try:
        web.install_programs()
    except web.BuildError as error:
        pytest.fail(str(error))
    assert web.editor() == TEXT
    assert web.compress(TEXT) == EDITOR
