#!/bin/sh
# Make .venv hold what a lock names, and the project itself: sh tools/setup.sh requirements.lock
# Says nothing when nothing is to do. Never reads stdin and never writes stdout: `… | make chat` is a pipe.
set -eu
exec </dev/null >&2
cd "$(dirname "$0")/.."

lock=$1
python=.venv/bin/python
stamp=.venv/$lock.done                # written last: what it holds was set up from these very files
unfinished=.venv/unfinished           # there while pip works: a set-up that was killed leaves it behind
wanted=$(pwd && cat "$lock" pyproject.toml | cksum)

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
        "Python 3.11 or newer is needed, and none was found (looked for: ${PYTHON:-python3, python3.11 and up})." \
        "Install one, or name it: make chat PYTHON=/path/to/python3"
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

if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && works; then
    exit 0
fi
echo "lowtide: setting up .venv from $lock, once; this takes about a minute."
works || build
install || complain \
    "The packages of $lock could not be installed; the lines above say why." \
    "When the network is back, the same command goes on where this one stopped."
printf '%s' "$wanted" >"$stamp"
