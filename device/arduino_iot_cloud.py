"""The official library's import name: scripts written for it run on Sideboard unmodified."""

import sideboard


def __getattr__(name):
    return getattr(sideboard, name)
