# What MicroPython runs at a start in place of the script, which this runs: see __init__.py.
__import__("safestart").run(globals())
