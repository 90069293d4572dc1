"""The mouse and the keyboard of a tab, with Playwright's names."""


class Mouse:
    def __init__(self, tab):
        self._tab = tab
        self._at = 0, 0
        self.edges = None  # of the viewport, which it does not leave

    def move(self, x, y, steps=1):
        x, y = (max(0, min(where, edge - 1)) for where, edge in zip((x, y), self.edges))
        (left, top), self._at = self._at, (x, y)
        for step in range(1, steps + 1):
            part = step / steps
            self._tab.move(left + (x - left) * part, top + (y - top) * part)

    def down(self):
        self._tab.button("down")

    def up(self):
        self._tab.button("up")

    def click(self, x, y):
        self.move(x, y)
        self.down()
        self.up()


class Keyboard:
    def __init__(self, tab):
        self._tab = tab

    def down(self, key):
        self._tab.key("down", " " if key == "Space" else key)

    def up(self, key):
        self._tab.key("up", " " if key == "Space" else key)

    def press(self, keys):
        *held, key = keys.split("+") if len(keys) > 1 else [keys]
        for one in *held, key:
            self.down(one)
        for one in key, *reversed(held):
            self.up(one)

    def type(self, text):
        for character in text:
            self.press("Enter" if character == "\n" else character)
