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
DOCSTRING = '''\
"""The authorities that vouch for the Arduino Cloud, by tools/roots.py; tls.py reads them.

{names}
DER one after the other, deflated: raw, with a window of 2 KB.
"""
'''


def public_roots():
    blocks = re.split(r"\n(?=# Issuer)", Path(certifi.where()).read_text())
    for name in PUBLIC:
        block = next(b for b in blocks if f'Label: "{name}"' in b)
        yield ssl.PEM_cert_to_DER_cert(block[block.index("-----BEGIN") :].strip())


def arduino_root():
    code = "import arduino_iot_cloud, sys; sys.stdout.buffer.write(arduino_iot_cloud.CADATA)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def cloud_roots():
    """All of them, in DER, Arduino's own first: it alone vouches for the server of client certificates."""
    return [arduino_root(), *public_roots()]


def main():
    deflate = zlib.compressobj(9, wbits=-11)
    data = deflate.compress(b"".join(cloud_roots())) + deflate.flush()
    lines = [DOCSTRING.format(names="\n".join(("Arduino", *PUBLIC))), "DEFLATED = ("]
    for at in range(0, len(data), 24):
        lines.append('    b"' + "".join(f"\\x{byte:02x}" for byte in data[at : at + 24]) + '"')
    TARGET.write_text("\n".join(lines) + "\n)\n")


if __name__ == "__main__":
    main()
