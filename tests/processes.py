"""Clouds and boards in processes of their own: tests and the bench share them."""

from tools.processes import ROOT, Board, Cloud, Page, Process, free_port

__all__ = ["ROOT", "Board", "Cloud", "Page", "Process", "free_port"]
