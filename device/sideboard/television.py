"""Television, with the Arduino Cloud's numbers for playback and inputs; loaded only where one is used."""

from .composites import composite

Television = composite("Television", "swi", "vol", "mut", "pbc", "inp", "cha")


def _number():
    """Numbers names from 0: "HDMI*10" stands for HDMI1 to HDMI10."""
    for names in (
        "PLAYBACK_ FASTFORWARD NEXT PAUSE PLAY PREVIOUS REWIND STARTOVER STOP",
        "INPUT_ AUX*7 BLUERAY CABLE CD COAX*2 COMPOSITE1 DVD GAME HDRADIO HDMI*10 HDMIARC INPUT*10 IPOD"
        " LINE*7 MEDIAPLAYER OPTICAL*2 PHONO PLAYSTATION PLAYSTATION3 PLAYSTATION4 SATELLITE SMARTCAST TUNER"
        " TV USBDAC VIDEO*3 XBOX",
    ):
        prefix, *names = names.split()
        number = 0
        for name in names:
            name, *count = name.split("*")
            for i in range(1, int(count[0]) + 1) if count else ("",):
                setattr(Television, prefix + name + str(i), number)
                number += 1


_number()
Television.PLAYBACK_NONE = 255
