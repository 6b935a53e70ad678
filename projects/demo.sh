#!/bin/sh
# Makes the example book's M4B in the draft voice: projects/lighthouse/out/. Needs Python 3.11+ and the package index.
extras=draft
. "$(dirname -- "$0")/../.ci/environment.sh"
exec "$venv/bin/dotsbook" make "$root/projects/lighthouse" "$@"
