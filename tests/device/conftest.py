"""Which of these tests are for MicroPython alone: there test_on_micropython.py runs them."""

# Joining Wi-Fi, asking name servers and setting the clock is the computer's own business on CPython,
# and the file systems of boards are in MicroPython only; there, too, `boards` is another module.
collect_ignore_glob = ["test_wifi.py", "test_net_*.py", "test_*_on_flash.py", "test_boards.py"]
