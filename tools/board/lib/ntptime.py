"""Stand-in for a board's ntptime: this computer's clock is right, and nothing is sent."""

import time as _time

host = "pool.ntp.org"
timeout = 1


def time():
    """Seconds since the port's epoch."""
    return int(_time.time())


def settime():
    """Leaves the clock as it is."""
