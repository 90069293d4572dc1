"""`make firmware`: MicroPython with Sideboard inside, built by MicroPython's own make."""
