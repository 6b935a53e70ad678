#!/bin/sh
# Runs the tests in an environment of their own. Arguments go to pytest. Needs Python 3.11+ and the package index.
# `--real` as the first argument runs tests/real instead: other people's programs (a browser) on what we write.
extras=draft,onnx,japanese,test
real=
if [ "${1:-}" = --real ]; then
    shift
    real=yes extras=draft,onnx,japanese,test,test-real
fi
. "$(dirname -- "$0")/../.ci/environment.sh"
cd "$root" || exit 1
[ -n "$real" ] || exec "$venv/bin/python" -m pytest -n 2 "$@"

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
        command -v "$name" && return
    done
    mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    [ -x "$mac" ] && echo "$mac"
}

CHROMIUM=${CHROMIUM:-$(find_browser)}
if [ -z "$CHROMIUM" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium (once) ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    CHROMIUM=$(find_browser)
fi
if [ -z "$CHROMIUM" ]; then
    echo "tests/real needs a Chromium or Chrome: install one (Debian: apt install chromium), or name it in CHROMIUM." >&2
    exit 1
fi
export CHROMIUM
exec "$venv/bin/python" -m pytest tests/real "$@"
