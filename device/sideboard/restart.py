"""The board's restart, for the setup and for files: loaded with these."""

from .compat import sleep_ms


async def restart_board(registry, ms):
    """Restarts the board in so many ms, when answers are out: values are stored."""
    import machine

    await sleep_ms(ms)
    try:
        if registry.store:
            await registry.store.write()
        if registry.history:
            await registry.history.write()
    finally:
        machine.reset()
