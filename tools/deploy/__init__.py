"""Puts Sideboard onto a board: python -m tools.deploy."""


class DeployError(Exception):
    """What hinders the deployment, as a sentence for who sits before the board."""
