"""Writes device/sideboard/roots.py: the certificate authorities of the Arduino Cloud, in DER.

The public ones come from certifi, Arduino's own from the official client's package.
"""

import re
import ssl
import subprocess
import sys
from pathlib import Path

import certifi
import zopfli.zlib

# Those of AWS. Its servers send them signed by Starfield, too, for who does not trust them yet.
PUBLIC = ("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4")
RSA = bytes.fromhex("2a864886f70d010101")
SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
TARGET = Path(__file__).parent.parent / "device" / "sideboard" / "roots.py"
TEXT = '''\
"""The authorities that vouch for the Arduino Cloud, in DER; by tools/roots.py."""

import io

import deflate

# {names}
_read = deflate.DeflateIO(
    io.BytesIO(
{data}
    ),
    deflate.RAW,
    12,  # bits of the window: all that is behind
).read

# Arduino's own: it alone vouches for the server of client certificates.
CADATA = _read({arduino})

# Of the others only the name and the key: nobody reads more of a root that is trusted.
ROOTS = CADATA, {public}
'''


def public_roots():
    blocks = re.split(r"\n(?=# Issuer)", Path(certifi.where()).read_text())
    for name in PUBLIC:
        block = next(b for b in blocks if f'Label: "{name}"' in b)
        yield ssl.PEM_cert_to_DER_cert(block[block.index("-----BEGIN") :].strip())


def arduino_root():
    code = "import arduino_iot_cloud, sys; sys.stdout.buffer.write(arduino_iot_cloud.CADATA)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def anchor(certificate, frame):
    """A certificate of version 1 for the same name and key.

    What else it must hold, nobody reads once it is trusted (RFC 5914): serial number, dates and signature are
    those of another certificate, `frame`, with an EC key, and so take no room beside it.
    """
    *_, name, key = fields(certificate)
    serial, algorithm, _, dates, *_ = fields(frame)
    *_, signature = elements(frame)
    if RSA in key:  # OpenSSL compares the kinds
        algorithm = SHA256_WITH_RSA
    return sequence(sequence(serial, algorithm, name, dates, name, key), algorithm, signature)


def fields(certificate):
    """Serial number, algorithm, issuer, dates, subject and key."""
    found = list(elements(next(elements(certificate))))
    begin = found[0][0] == 0xA0  # a version, and at the end the extensions
    return found[begin : begin + 6]


def elements(sequence):
    """What is in a sequence of DER."""
    at, end = span(sequence, 0)
    while at < end:
        begin, (_, at) = at, span(sequence, at)
        yield sequence[begin:at]


def span(der, at):
    """Where the content of an element begins and ends."""
    size, at = der[at + 1], at + 2
    if size & 0x80:
        at += size & 0x7F
        size = int.from_bytes(der[at - (size & 0x7F) : at], "big")
    return at, at + size


def sequence(*elements):
    content = b"".join(elements)
    return b"\x30\x82" + len(content).to_bytes(2, "big") + content


def trusted():
    """All that the board trusts."""
    arduino = arduino_root()
    return [arduino, *(anchor(root, arduino) for root in public_roots())]


def deflated(data):
    return zopfli.zlib.compress(data, numiterations=1000)[2:-4]  # without zlib's own head and checksum


def source(data):
    lines = (data[at : at + 24] for at in range(0, len(data), 24))
    return "\n".join('        b"' + "".join(f"\\x{byte:02x}" for byte in line) + '"' for line in lines)


def main():
    certificates = trusted()
    arduino, *public = map(len, certificates)
    text = TEXT.format(
        names="\n# ".join(PUBLIC),
        data=source(deflated(b"".join(certificates))),
        arduino=arduino,
        public=", ".join(f"_read({size})" for size in public),
    )
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
