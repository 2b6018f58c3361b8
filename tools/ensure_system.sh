#!/usr/bin/env bash
# Finds what the system must bring, installs it where that needs no question, or asks for it in one
# clear line. Nothing is downloaded when it is already there.
#
#   tools/ensure_system.sh python     prints the path of a Python that can make the environment
#   tools/ensure_system.sh chromium   prints the path of the browser that the end-to-end tests drive
set -euo pipefail

fail() {
    echo "$*" >&2
    exit 2
}

# apt_install PACKAGE..: quiet, and only where it needs neither a password nor another package manager.
apt_install() {
    command -v apt-get >/dev/null || return 1
    local root=()
    if [[ "$(id -u)" != 0 ]]; then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    echo "installing $* with apt-get" >&2
    "${root[@]}" apt-get update -qq >&2 &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Recent enough, and with the parts that some systems pack apart.
usable_python() {
    "$1" -c 'import sys, venv, ensurepip, sqlite3; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 /usr/bin/python3; do
        if command -v "$name" >/dev/null && usable_python "$name"; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

find_chromium() {
    local name
    for name in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then
            return
        fi
    done
    return 1
}

case "${1:-}" in
python)
    find_python && exit
    apt_install python3 python3-venv || true
    find_python || fail "Python 3.11 or newer with venv is needed: install it (Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3"
    ;;
chromium)
    find_chromium && exit
    apt_install chromium || true
    find_chromium || fail "Chromium is needed for the end-to-end tests: install it (Debian: apt-get install chromium), or name it: make test CHROMIUM=/path/to/chromium"
    ;;
*)
    fail "usage: $0 python|chromium"
    ;;
esac
