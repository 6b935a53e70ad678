"""Requests to the studio that no page of its own would make: whether it stays up, lets nobody in and keeps the book whole.

    python -m tests.benchmarks.studio_malformed [--each 40] [--seed 1]

By hand: needs the extras `studio` and `test-real`. The studio runs in a process of its own. Every question is asked by those who
have no business here (no cookie, another's, another host's name, another origin, a guest's link); with every field climbing out
of the folder, absurd, or a script; and `--each` times over by schemathesis from its own schema, with and against its types.
At the end: answers by status, whoever came through, tracebacks, files that lie where none should, and whether the book still
opens and renders. Ends with 1 if anything of that is wrong.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import dotsbook
from dotsbook.studio.endpoint import Endpoint
from dotsbook.studio.studio_routes import ENDPOINTS
from tests.generated_cases import send_each
from tests.production.conftest import MANIFEST, make

SECRET = "this is nobody's business"
STORY = """\
# <script>window.harmed=1</script>

"Not tonight," **Mara** said. <img src=x onerror=window.harmed=1> The boat left at 6:30.

Nobody waved. It rained for 12 km.
"""
BAD = (
    "../secret.txt", "..%2f..%2fsecret.txt", "/etc/passwd", "file:///etc/passwd", "\0", "", " ", "x" * 5000, "é\u202e\ufeff",
    "\ud800", "<script>window.harmed=1</script>", "- a: b\n  c: [", "'; DROP TABLE takes; --", "{}",
    "1.1-9999.9", -1, 0, 10**30, 1e308, True, None, [], ["../secret.txt"], {"a": {}},
)  # fmt: skip
GOOD: dict[str, object] = {
    "line": "1.2", "text": "What of it?", "before": "Nobody waved.", "word": "Nobody", "say": "No buddy", "name": "Mara", "other": "Luc",
    "voice": "mara", "consent": "mine", "chapter": 1, "hearing": "accuracy", "kind": "render", "note": 1, "wanted": {"pause-after": 1},
}  # fmt: skip
LINES = {"accept": ["1.2"], "lock": ["1.2"]}  # those whose `lines` is a list


class Client:
    """Asks one studio."""

    def __init__(self, home: str, secrets: dict[str, str], cookie: str, key: str):
        import requests

        self.home, self.secrets, self.cookie, self.key = home, secrets, cookie, key
        self.http = requests.Session()
        self.answers: Counter[int] = Counter()
        self.told: list[str] = []  # what should not have been said

    def good(self, endpoint: Endpoint) -> dict:
        needed = [name for name, field in endpoint.asks.model_fields.items() if field.is_required()]
        known = {**GOOD, "key": self.key, "lines": LINES.get(endpoint.name, "1.2")}
        return {name: known[name] for name in needed}

    def headers(self, who: str = "own") -> dict[str, str]:
        return {"Origin": self.home, "Cookie": f"{self.cookie}={self.secrets[who]}"}

    def ask(self, endpoint: Endpoint, fields: dict, headers: dict[str, str]) -> int:
        address = f"{self.home}/api/{endpoint.name}"
        query = urlencode(
            {
                name: str(value).encode("utf-8", "replace")
                for name, value in fields.items()
                if value is not None
            }
        )
        if not endpoint.changes:
            answer = self.http.get(f"{address}?{query}", headers=headers, timeout=120)
        elif endpoint.sound:
            answer = self.http.post(
                f"{address}?{query}",
                data=b"RIFF",
                headers={**headers, "Content-Type": "audio/wav"},
                timeout=120,
            )
        else:
            answer = self.http.post(
                address,
                data=json.dumps(fields),
                headers={**headers, "Content-Type": "application/json"},
                timeout=120,
            )
        return self.took(f"{endpoint.name} {str(fields)[:100]}", answer)

    def took(self, what: str, answer) -> int:
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500 or SECRET in answer.text or "root:" in answer.text:
            self.told.append(f"{answer.status_code} {what}: {answer.text[:100]}")
        return answer.status_code


def outsiders(client: Client) -> Iterator[tuple[str, dict[str, str]]]:
    """(who, with which headers) of those who may change nothing; all but the last may read nothing either."""
    own = client.headers()
    yield "no cookie", {"Origin": client.home}
    yield "another's cookie", own | {"Cookie": f"{client.cookie}={'x' * 43}"}
    yield "another host", own | {"Host": "evil.example"}
    yield "a host like ours", own | {"Host": "127.0.0.1.evil.example:8870"}
    yield "another site", own | {"Sec-Fetch-Site": "cross-site"}
    yield "another origin", own | {"Origin": "https://evil.example"}
    yield "no origin", {"Cookie": own["Cookie"]}
    yield "a guest", client.headers("guest")


def come_through(client: Client) -> list[str]:
    """Questions that were answered to those who have no business here."""
    found = []
    for who, headers in outsiders(client):
        reads = who in (
            "another origin",
            "no origin",
            "a guest",
        )  # a browser hides the answer, or it is for them
        for endpoint in ENDPOINTS:
            if endpoint.changes or not reads:
                status = client.ask(endpoint, client.good(endpoint), headers)
                found += [f"{who}: {endpoint.name}"] if status < 400 else []
    return found


def fields_that_climb(client: Client) -> None:
    for endpoint in ENDPOINTS:
        for name in endpoint.asks.model_fields:
            for bad in BAD:
                client.ask(endpoint, {**client.good(endpoint), name: bad}, client.headers())


def by_schemathesis(client: Client, each: int, seed: int) -> None:
    import schemathesis
    from hypothesis.errors import Unsatisfiable

    @schemathesis.serializer("audio/wav")
    def recording(_: object, value: object) -> bytes:
        return getattr(value, "data", None) or str(value).encode("utf-8", "replace")

    schema = schemathesis.openapi.from_dict(
        client.http.get(f"{client.home}/api", headers=client.headers()).json()
    )
    for endpoint in ENDPOINTS:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            method = "POST" if endpoint.changes else "GET"
            cases = schema[f"/api/{endpoint.name}"][method].as_strategy(generation_mode=mode)

            def send(case: schemathesis.Case) -> None:
                answer = case.call(base_url=client.home, headers=client.headers(), timeout=120)
                client.took(f"{case.path} {str(case.body)[:100]}", answer)

            with contextlib.suppress(Unsatisfiable):  # a question without fields can't be asked wrongly
                send_each(cases, each, seed, send)


@contextlib.contextmanager
def served(folder: Path, place: Path) -> Iterator[str]:
    """The studio in a process of its own; its link. What it says on its standard error is kept in `words`."""
    command = [sys.executable, "-m", "dotsbook", "studio", str(folder), "--json", "--no-open", "--port", "0"]
    with (
        open(place / "words", "wb") as words,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=words, env={**os.environ, "TMPDIR": str(place)}
        ) as running,
    ):
        assert running.stdout
        try:
            yield json.loads(running.stdout.readline())["url"]
        finally:
            running.terminate()


def client_of(link: str, folder: Path, key: str) -> Client:
    """A client that knows what the studio's cookies hold."""
    import requests

    [cookie] = requests.get(link, allow_redirects=False, timeout=60).cookies
    secrets = json.loads((folder / ".dotsbook" / "studio.json").read_text())
    return Client(link.partition("/?")[0], secrets, cookie.name, key)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--each", type=int, default=40, help="requests of schemathesis for each question, of either kind"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = make(Path(name) / "book", STORY, MANIFEST)
        (Path(name) / "secret.txt").write_text(SECRET)
        (folder / "secret.txt").write_text(SECRET)
        with dotsbook.open(folder) as book:
            list(book.render())
            key = next(one.key for chapter in book.plan().chapters for one in chapter.chunks)
        before = {path.name for path in Path(name).iterdir()}
        with served(folder, Path(name)) as link:
            client = client_of(link, folder, key)
            through = come_through(client)
            print(f"by outsiders: {dict(client.answers)}; came through: {through}", flush=True)
            fields_that_climb(client)
            print(f"with fields that climb: {dict(client.answers)}", flush=True)
            by_schemathesis(client, chosen.each, chosen.seed)
            up = client.http.get(f"{client.home}/api", headers=client.headers()).status_code == 200
        said = (Path(name) / "words").read_text("utf-8", "replace")
        new = sorted({path.name for path in Path(name).iterdir()} - before - {"words"})
        with dotsbook.open(folder) as book:
            list(book.render())
            lines = len(list(book.chunks()))
    print(
        f"{sum(client.answers.values()):,} requests, answers by status: {dict(sorted(client.answers.items()))}"
    )
    print(
        f"up: {up}; tracebacks: {said.count('Traceback')}; files beside the book: {new}; the book has {lines} lines"
    )
    for one in client.told[:40]:
        print(one)
    print(said[-3000:])
    return 1 if through or client.told or not up or "Traceback" in said or new else 0


if __name__ == "__main__":
    sys.exit(main())
