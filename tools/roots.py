"""Writes device/sideboard/roots.py: the certificate authorities of the Arduino Cloud, in DER.

The public ones come from certifi, Arduino's own from the official client's package.
"""

import re
import ssl
import subprocess
import sys
import zlib
from pathlib import Path

import certifi

PUBLIC = ("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
          "Starfield Services Root Certificate Authority - G2")  # fmt: skip
TARGET = Path(__file__).parent.parent / "device" / "sideboard" / "roots.py"
TEXT = '''\
"""The authorities that vouch for the Arduino Cloud; by tools/roots.py."""

# Arduino's own, in DER: it alone vouches for the server of client certificates.
CADATA = (
{arduino}
)

# In DER one after the other, deflated: raw, with a window of 2 KB.
# {names}
DEFLATED = (
{public}
)
'''


def public_roots():
    blocks = re.split(r"\n(?=# Issuer)", Path(certifi.where()).read_text())
    for name in PUBLIC:
        block = next(b for b in blocks if f'Label: "{name}"' in b)
        yield ssl.PEM_cert_to_DER_cert(block[block.index("-----BEGIN") :].strip())


def arduino_root():
    code = "import arduino_iot_cloud, sys; sys.stdout.buffer.write(arduino_iot_cloud.CADATA)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def deflated(certificates):
    deflate = zlib.compressobj(9, wbits=-11)
    return deflate.compress(b"".join(certificates)) + deflate.flush()


def source(data):
    lines = (data[at : at + 24] for at in range(0, len(data), 24))
    return "\n".join('    b"' + "".join(f"\\x{byte:02x}" for byte in line) + '"' for line in lines)


def main():
    text = TEXT.format(
        arduino=source(arduino_root()), names="\n# ".join(PUBLIC), public=source(deflated(public_roots()))
    )
    TARGET.write_text(text)


if __name__ == "__main__":
    main()
