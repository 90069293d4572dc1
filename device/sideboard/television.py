"""Television, with the Arduino Cloud's numbers for playback and inputs; loaded only where one is used."""

from .composites import composite

Television = composite("Television", "swi", "vol", "mut", "pbc", "inp", "cha")


def _number(prefix, words):
    """Numbers names from 0: "HDMI*10" stands for HDMI1 to HDMI10."""
    number = 0
    for word in words.split():
        word, _, count = word.partition("*")
        for i in range(int(count or 1)):
            setattr(Television, prefix + word + (str(i + 1) if count else ""), number)
            number += 1


_number("PLAYBACK_", "FASTFORWARD NEXT PAUSE PLAY PREVIOUS REWIND STARTOVER STOP")
Television.PLAYBACK_NONE = 255
_number(
    "INPUT_",
    "AUX*7 BLUERAY CABLE CD COAX*2 COMPOSITE1 DVD GAME HDRADIO HDMI*10 HDMIARC INPUT*10 IPOD LINE*7"
    " MEDIAPLAYER OPTICAL*2 PHONO PLAYSTATION PLAYSTATION3 PLAYSTATION4 SATELLITE SMARTCAST TUNER TV USBDAC"
    " VIDEO*3 XBOX",
)
