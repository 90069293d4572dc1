"""The addresses of host names (RFC 1035), asked for without blocking. Loaded when one is to be looked up."""

from random import getrandbits

from .net import ask

DNS_PORT = 53
_ANSWERED_IN = 2  # seconds


async def look_up(host):
    """Asks the network's name server for the IPv4 address of `host`. OSError when it does not know."""
    import network

    number = getrandbits(16).to_bytes(2, "big")
    # One question, recursion desired, type A, class IN.
    labels = "".join(chr(len(label)) + label for label in host.split(".")).encode()
    question = number + b"\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
    server = network.WLAN(network.STA_IF).ifconfig()[3]
    return address_in(await ask(server, DNS_PORT, question, _ANSWERED_IN), question)


def address_in(answer, question):
    """The IPv4 address that a name server gives in answer to a question. OSError when it gives none."""
    try:
        at = len(question) if answer[:2] == question[:2] and answer[2] > 127 and not answer[3] & 15 else 512
        while True:
            while 0 < answer[at] < 192:
                at += answer[at] + 1
            at += 2 if answer[at] else 1
            size = answer[at + 8] << 8 | answer[at + 9]
            address = answer[at + 10 : at + 10 + size]
            if answer[at : at + 2] == b"\0\1" and len(address) == 4:
                return "%d.%d.%d.%d" % tuple(address)
            at += 10 + size
    except IndexError:  # the end: there was none
        raise OSError("no such name") from None
