# Sourced by the README's two commands: makes .venv beside this folder with dotsbook and the extras in $extras,
# from any Python 3.11 or newer, and does nothing where that is up to date. Needs a shell and the package index.

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.venv

newest_python() {    # or the one that $DOTSBOOK_PYTHON names
    [ -z "${DOTSBOOK_PYTHON:-}" ] || { echo "$DOTSBOOK_PYTHON"; return; }
    for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "dotsbook needs Python 3.11 to 3.14; install one (macOS: https://www.python.org/downloads, Debian: apt install python3)." >&2
    exit 1
}

# Debian's bare python3 can make an environment but not put pip into it: fetch pip from the index, checked by its hash.
bootstrap_pip() {
    "$venv/bin/python" - <<'PYTHON'
import hashlib, json, os, pathlib, runpy, ssl, sys, tempfile, urllib.request
context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE"))
def get(url):
    with urllib.request.urlopen(url, context=context) as answer:
        return answer.read()
wheel = next(u for u in json.loads(get("https://pypi.org/pypi/pip/json"))["urls"] if u["packagetype"] == "bdist_wheel")
data = get(wheel["url"])
assert hashlib.sha256(data).hexdigest() == wheel["digests"]["sha256"], "pip's wheel came damaged; try again"
file = pathlib.Path(tempfile.mkdtemp()) / wheel["filename"]
file.write_bytes(data)
sys.path.insert(0, str(file))
sys.argv = ["pip", "install", "--quiet", "--no-index", str(file)]
runpy.run_module("pip", run_name="__main__")
PYTHON
}

stamp=$venv/dotsbook-$(echo "$extras" | tr ',' '-')
if [ ! -f "$stamp" ] || [ "$root/pyproject.toml" -nt "$stamp" ]; then
    python=$(newest_python) || exit 1
    echo "Setting up $venv with $("$python" --version) (once) ..."
    if [ ! -x "$venv/bin/python" ]; then
        "$python" -m venv "$venv" >/dev/null 2>&1 || { rm -rf "$venv"; "$python" -m venv --without-pip "$venv" || exit 1; }
    fi
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || bootstrap_pip || exit 1
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c "$root/.ci/tested.txt" -e "$root[$extras]" || exit 1
    touch "$stamp"
fi
