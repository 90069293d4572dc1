"""Tasks that belong together end together, and what is the script's ends nothing else."""

import asyncio

from .compat import is_coroutine, sleep_ms
from .errors import log_raised


async def first_of(*coroutines):
    """Runs all until the first ends, ends the others, and raises what the first raised."""
    ended = asyncio.Event()
    errors = []

    async def run(coroutine):
        try:
            await coroutine
        except Exception as error:
            errors.append(error)
        ended.set()

    tasks = []
    try:
        for coroutine in coroutines:
            tasks.append(asyncio.create_task(run(coroutine)))
        await ended.wait()
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            while not task.done():
                await sleep_ms(0)
                task.cancel()  # again: on CPython 3.11 wait_for may drop one
    if errors:
        raise errors[0]


async def called(function, client, *args):
    """What a function returns, or a coroutine function. Of (client, args) it need not take the second."""
    try:
        result = function(client, *args)
    except TypeError as error:
        if "were given" not in str(error):
            raise
        result = function(client)
    return await result if is_coroutine(result) else result


async def guarded(what, coroutine):
    """Awaits what is the script's: an exception is logged, and ends nothing else."""
    try:
        await coroutine
    except Exception as error:
        log_raised(what, error)
