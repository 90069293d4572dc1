"""Addresses that need no name server."""

from sideboard.net import resolve


async def test_literal_address_is_its_own():
    assert await resolve("192.0.2.7") == "192.0.2.7"


async def test_localhost_is_this_board():
    assert await resolve("localhost") == "127.0.0.1"
