"""Writes device/sideboard/roots.py: the certificate authorities of the Arduino Cloud, in DER.

The public ones come from certifi, Arduino's own from the official client's package.
"""

import base64
import re
import subprocess
import sys
from pathlib import Path

import certifi

PUBLIC = ("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
          "Starfield Services Root Certificate Authority - G2")  # fmt: skip
TARGET = Path(__file__).parent.parent / "device" / "sideboard" / "roots.py"


def public_roots():
    blocks = re.split(r"\n(?=# Issuer)", Path(certifi.where()).read_text())
    for name in PUBLIC:
        block = next(b for b in blocks if f'Label: "{name}"' in b)
        body = re.search(r"BEGIN CERTIFICATE-----(.*?)-----END", block, re.S).group(1)
        yield name, base64.b64decode(body)


def arduino_root():
    code = "import arduino_iot_cloud, sys; sys.stdout.buffer.write(arduino_iot_cloud.CADATA)"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout


def main():
    roots = [*public_roots(), ("Arduino", arduino_root())]
    lines = ['"""The authorities that vouch for the Arduino Cloud, in DER; by tools/roots.py."""\n']
    lines.append("ROOTS = (")
    for name, der in roots:
        lines.append(f"    # {name}")
        chunks = [der[i : i + 24] for i in range(0, len(der), 24)]
        lines += ['    b"' + "".join(f"\\x{b:02x}" for b in chunk) + '"' for chunk in chunks]
        lines[-1] += ","
    TARGET.write_text("\n".join(lines) + "\n)\n")


if __name__ == "__main__":
    main()
