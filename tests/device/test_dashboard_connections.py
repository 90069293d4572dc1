"""The dashboard's connections: how long they last, and how many there are."""

import asyncio

from observed import Log
from sideboard import dashboard, page, visitor
from sideboard.compat import MICROPYTHON, close, has_memory, sleep_ms
from sideboard.variables import Variable
from visitor import CLOSE, PING, Impatient, Served

LED = (Variable("led", value=False),)


async def several(function, count):
    results = []
    for _ in range(count):
        results.append(await function())
    return results


class SlowWriter:
    """A stream to someone who reads slowly: it must not be written to until it has drained."""

    def __init__(self):
        self.written = []
        self.readline = self.readexactly = None
        self._draining = False

    def get_extra_info(self, name):
        return ("127.0.0.1", 1) if name == "peername" else None

    def write(self, data):
        assert not self._draining
        self.written.append(data)

    async def drain(self):
        self._draining = True
        await sleep_ms(1)
        self._draining = False


async def test_one_message_is_sent_after_the_other():
    writer = SlowWriter()
    one = visitor.Visitor(writer, writer, asyncio.Lock())
    messages = [b"one", b"two", b"three"]
    await asyncio.gather(*[one.send(message) for message in messages])
    assert writer.written == messages


async def test_silent_spare_connection_is_closed():
    with Impatient():
        async with Served() as board:
            visitor = await board.visit()
            assert await visitor.is_closed()
            await board.connections(0)


async def test_request_that_never_ends_is_closed():
    async def trickle(visitor):
        try:
            while True:
                await visitor.send("X-Slow: 1\r\n")
                await sleep_ms(5)
        except OSError:
            pass  # closed

    with Impatient():
        async with Served() as board:
            visitor = await board.visit("GET / HTTP/1.1\r\n")
            trickling = asyncio.create_task(trickle(visitor))
            assert await visitor.is_closed()
            trickling.cancel()


async def test_oldest_spare_connection_makes_room_and_pages_stay():
    async with Served(LED, places=2) as board:
        page = await board.page()
        spares = await several(board.visit, 2)
        await board.connections(3)
        await sleep_ms(600)  # what is younger may be about to speak
        assert (await board.json("GET", "/api/variables/led"))[0] == 200
        assert await spares[0].is_closed()
        assert await page.ask(id=1) == {"id": 1}


async def test_silent_connection_goes_when_all_places_are_taken():
    async with Served(LED, places=2) as board:
        spare = await board.visit()
        pages = await board.full()
        assert await spare.is_closed()  # within a second, and not after 15
        for page in pages:
            assert await page.ask(id=1) == {"id": 1}


async def test_who_finds_no_room_is_told_so_at_once():
    async with Served(LED, places=2) as board:
        pages = await board.full()
        assert (await board.json("GET", "/api/variables/led"))[0] == 200  # one more than the pages is heard
        await board.visit("GET / HTTP/1.1\r\n")
        refused = await board.visit("GET / HTTP/1.1\r\n")
        status, headers = await refused.head()
        assert (status, headers["retry-after"]) == (503, "1") and await refused.is_closed()
        for page in pages:
            assert await page.ask(id=1) == {"id": 1}


async def test_many_connections_at_once_are_held_to_the_limit():
    async with Served(places=2) as board:
        visitors = await several(board.visit, 20)
        for visitor in visitors[3:]:
            assert (await visitor.head())[0] == 503
        await board.connections(3)


async def test_newest_page_has_the_place_of_the_oldest_which_is_told_so():
    async with Served(LED, places=2) as board:
        pages = await board.full()
        newest = await board.page()
        assert await pages[0].received() == (PING, b"")
        assert await pages[0].received() == (CLOSE, (4001).to_bytes(2, "big")) and await pages[0].is_closed()
        for page in pages[1], newest:
            assert await page.ask(id=1) == {"id": 1}


async def test_page_that_has_to_go_twice_gives_its_place_back():
    async with Served(places=1) as board:
        page = await board.page()
        newer = await board.page()
        board.visitors[0].dismiss()  # while it waits for what the browser says to the first time
        assert await page.is_closed()
        newer.close()
        await board.connections(0)


async def test_place_that_is_kept_for_lwip_is_given_back():
    normal, dashboard.SHARED = dashboard.SHARED, True
    try:
        with Impatient():
            async with Served() as board:
                await board.page()
                while board.registry.peers:  # until it goes, as it answers nothing
                    await sleep_ms(1)
                assert len(board.visitors) == 1
                board.visitors[0].dismiss()
                await board.connections(0)
    finally:
        dashboard.SHARED = normal


async def test_no_more_places_than_the_network_has():
    async with Served() as board:
        assert board.places == 8


async def test_port_in_use_is_said_in_one_line():
    async with Served() as board:
        second = dashboard.Dashboard(board.registry, board.port, "127.0.0.1")
        with Log() as log:
            await second.serve()
    (text,) = log.texts
    assert text.startswith("No dashboard: port %d is not free (" % board.port)
    assert text.endswith("); set DASHBOARD_PORT")


async def test_page_for_which_memory_is_short_has_to_go_and_can_come_back():
    def short(variables, user):
        raise MemoryError("no room")

    async with Served([Variable("led", value=False)]) as board:
        first = await board.at_rest()
        normal, page.listed = page.listed, short
        try:
            board.registry.write(board.registry.variables["led"], True)
            assert await first.is_closed()
        finally:
            page.listed = normal
        assert not board.registry.peers
        assert (await board.page()).first["variables"][0]["value"] is True


async def test_uptime_goes_on_while_nobody_visits():
    days, end = [], asyncio.Event()

    async def sleep_ms(ms):
        days.append(ms / 86400000)
        if len(days) == 4:
            end.set()
        await normal[1](1)

    normal = dashboard.uptime, dashboard.sleep_ms
    dashboard.uptime, dashboard.sleep_ms = lambda: days.append(0), sleep_ms
    try:
        async with Served():
            await asyncio.wait_for(end.wait(), 5)
    finally:
        dashboard.uptime, dashboard.sleep_ms = normal
    assert days[:4] == [0, 1, 0, 1]  # ticks wrap after 12 days, and their difference after 6


class Fails:
    """Within `with Fails(errors):` dashboards lose visitors by these errors before they let one in."""

    def __init__(self, *errors):
        self._errors = list(errors)

    def __enter__(self):
        self._normal = dashboard.accept, dashboard._AGAIN_MS
        dashboard.accept, dashboard._AGAIN_MS = self._accept, 1

    def __exit__(self, *error):
        dashboard.accept, dashboard._AGAIN_MS = self._normal

    async def _accept(self, listener):
        reader, writer = await self._normal[0](listener)
        if self._errors:
            close(writer)
            raise self._errors.pop()
        return reader, writer


async def let_in(board, losses):
    """Whether the board serves a visitor after so many that it lost."""
    for _ in range(losses):
        assert await (await board.visit("GET / HTTP/1.1\r\n\r\n")).is_closed()
    return (await board.json("GET", "/api/variables/led"))[0] == 200


async def test_listener_goes_on_when_memory_is_short_and_says_so_once():
    with Log() as log, Fails(*[MemoryError("no room")] * 3):
        async with Served(LED) as board:
            listener = board._listener
            assert await let_in(board, 3)
            assert listener is board._listener  # so nobody who waits is lost
    assert log.texts == ["A visitor could not be let in: %r" % MemoryError("no room")]


async def test_port_at_which_all_fails_is_opened_anew():
    normal, dashboard._TRIES = dashboard._TRIES, 5
    try:
        with Log() as log, Fails(*[OSError(2)] * 5):
            async with Served(LED) as board:
                listener = board._listener
                for _ in range(5):
                    assert await (await board.visit()).is_closed()
                while listener is board._listener:
                    await sleep_ms(1)
                assert await let_in(board, 0)
    finally:
        dashboard._TRIES = normal
    assert len(log.texts) == 1


async def test_newcomer_is_refused_while_memory_is_short_and_pages_go_on():
    async with Served(LED) as board:
        open_page = await board.page()
        normal, dashboard.has_memory = dashboard.has_memory, lambda size: False
        try:
            refused = await board.visit("GET / HTTP/1.1\r\n")
            assert (await refused.head())[0] == 503 and await refused.is_closed()
            assert await open_page.ask(id=1) == {"id": 1}
        finally:
            dashboard.has_memory = normal
        assert (await board.json("GET", "/api/variables/led"))[0] == 200


async def test_memory_is_short_when_less_is_free_than_asked_for():
    assert has_memory(8192)
    if MICROPYTHON:
        assert not has_memory(1 << 30)


async def test_visitor_that_is_dismissed_twice_leaves_nothing():
    async with Served(LED) as board:
        await board.page()
        one = board.visitors[0]
        one.dismiss(page.Page.DISPLACED)
        await sleep_ms(50)  # it waits for the last word's answer
        one.dismiss()
        await board.connections(0)


async def test_page_whose_browser_is_gone_makes_room_all_the_same():
    def gone(data):
        raise OSError(104)

    async with Served(LED, places=1) as board:
        await board.page()
        board.visitors[0]._writer = Changed(board.visitors[0]._writer, gone)
        assert await (await board.page()).ask(id=1) == {"id": 1}


class Changed:
    """A stream that writes otherwise."""

    def __init__(self, stream, write):
        self.write = write
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)


async def test_request_without_end_is_answered_before_it_takes_the_memory():
    async with Served() as board:
        for head in (b"GET /" + b"a" * 9000, b"GET / HTTP/1.1\r\n" + b"X-Long: abcdefghij\r\n" * 400):
            visitor = await board.visit(head)
            assert (await visitor.head())[0] == 400 and await visitor.is_closed()


async def test_what_is_no_request_is_refused_and_no_error_of_the_board():
    async with Served() as board:
        for head in ("\r\n", "GET\r\n\r\n", "GET / HTTP\r\n\r\n", "GET / HTTP/1.1\r\nnot a header\r\n\r\n"):
            visitor = await board.visit(head)
            assert (await visitor.head())[0] == 400 and await visitor.is_closed()
        for length in ("x", "-5"):
            visitor = await board.visit("PUT / HTTP/1.1\r\nContent-Length: %s\r\n\r\n" % length)
            assert (await visitor.head())[0] == 400 and await visitor.is_closed()


async def test_address_with_most_pages_makes_room_for_another():
    async with Served(LED, places=2) as board:
        person, attacker = await board.full()
        for visitor, address in zip(board.visitors, ("person", "attacker")):
            visitor.address = address
        newest = await board.page()  # from a third address: the oldest goes, as each has one
        assert not await lasts(person) and await lasts(attacker)
        board.visitors[-1].address = "attacker"
        await board.page()
        assert not await lasts(attacker) and await lasts(newest)


async def test_page_makes_room_for_another_of_its_own_address():
    async with Served(LED, places=2) as board:
        person, attacker = await board.full()
        board.visitors[0].address = "person"  # the other's is that of the newest
        newest = await board.page()
        assert await lasts(person) and not await lasts(attacker) and await lasts(newest)


async def lasts(page):
    """Whether an open page is answered."""
    try:
        return await page.ask(id=1) == {"id": 1}
    except (OSError, EOFError, ValueError, AssertionError):
        return False
