"""The computer's select, but for a fault of MicroPython's unix port.

There, objects without a file descriptor are lost when the fifth with one is added: poll_set_add_fd() in
extmod/modselect.c moves all. So a poll is made large enough before.
"""

import uselect
from uselect import POLLERR, POLLHUP, POLLIN, POLLOUT  # noqa: F401

_MOST = 24  # sockets


def poll():
    poller = uselect.poll()
    for descriptor in range(_MOST):
        poller.register(descriptor, 0)
    for descriptor in range(_MOST):
        poller.unregister(descriptor)
    return poller
