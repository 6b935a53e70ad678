#!/bin/sh
# Runs the tests in an environment of their own. Arguments go to pytest. Needs Python 3.11+ and the package index.
extras=draft,test
. "$(dirname -- "$0")/../.ci/environment.sh"
cd "$root" && exec "$venv/bin/python" -m pytest -n 2 "$@"
