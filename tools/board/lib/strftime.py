"""Stand-in for the strftime of micropython-lib's time, in a module of its own."""

import time


def strftime(layout, moment):
    year, month, day, hour, minute, second, weekday, yearday = time.localtime(moment)[:8]
    codes = {
        "Y": str(year),
        "y": "%02d" % (year % 100),
        "m": "%02d" % month,
        "d": "%02d" % day,
        "H": "%02d" % hour,
        "I": "%02d" % ((hour + 11) % 12 + 1),
        "M": "%02d" % minute,
        "S": "%02d" % second,
        "p": "AM" if hour < 12 else "PM",
        "j": "%03d" % yearday,
        "a": "MonTueWedThuFriSatSun"[3 * weekday :][:3],
        "b": "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * month - 3 :][:3],
        "%": "%",
    }
    text = ""
    letters = iter(layout)
    for letter in letters:
        text += codes[next(letters)] if letter == "%" else letter
    return text
