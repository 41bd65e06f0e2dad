#!/bin/sh
# Make .venv hold what a lock names, and the project itself: sh deploy/setup.sh requirements.lock
# Says nothing when nothing is to do. Never reads stdin and never writes stdout: `… | make chat` is a pipe.
set -eu
exec </dev/null >&2
cd "$(dirname "$0")/.."

lock=$1
python=.venv/bin/python
unfinished=.venv/unfinished # there while pip works: a set-up that was killed leaves it behind

# What a finished set-up was made from; the place counts because scripts in .venv/bin hold it.
origin() {
    pwd && cat "$1" pyproject.toml | cksum
}

complain() {
    printf 'lowtide: %s\n' "$@"
    exit 1
}

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

build() {
    found=$(find_python) || complain \
        "Python 3.11 or newer is needed, and none was found (tried: ${PYTHON:-python3, python3.14 to python3.11})." \
        "Install one, or say where it is: make chat PYTHON=/path/to/python3"
    log=$("$found" -m venv --clear .venv 2>&1) || complain "$log" \
        "No virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"
}

works() {
    [ ! -e "$unfinished" ] && "$python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

pip() {
    "$python" -m pip -qq --no-input --disable-pip-version-check "$@"
}

install() {
    touch "$unfinished" &&
        pip install --require-hashes -r "$lock" &&
        pip install --no-deps --no-build-isolation -e . &&
        rm "$unfinished"
}

if works && [ "$(cat ".venv/$lock.done" 2>/dev/null)" = "$(origin "$lock")" ]; then
    exit 0
fi
echo "lowtide: setting up .venv from $lock, once; this takes about a minute."
works || build
install || complain \
    "The packages of $lock could not be installed; the lines above say why." \
    "Mend that (often it is the network) and give the same command again."
origin "$lock" >".venv/$lock.done"
if [ "$lock" = requirements-dev.lock ]; then # it holds the other lock too
    origin requirements.lock >.venv/requirements.lock.done
fi
