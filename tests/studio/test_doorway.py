"""Who gets in, from where, and that nothing outside the book ever gets out."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from dotsbook.studio.doorway import GUEST, Doorway, Keys
from dotsbook.studio.studio_routes import ENDPOINTS, studio_application
from tests.studio.conftest import HOME, SECRETS, Page

SECRET = "this is nobody's business"


@pytest.mark.parametrize("path", ["/", "/api/book", "/events", "/studio/main.js", "/sound/take", "/nowhere"])
def test_without_a_cookie_nothing_is_told(app, path):
    answer = TestClient(app, base_url=HOME).get(path)
    assert answer.status_code == 401 and "Ferry" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8870", "192.168.1.9:8870"]
)
def test_a_name_made_to_point_here_is_refused(page, host):
    assert page.client.get("/api/book", headers={"Host": host}).status_code == 421


def test_a_token_opens_the_door_once(app):
    first = TestClient(app, base_url=HOME, follow_redirects=False)
    answer = first.get("/?token=once-and-never-again")
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert first.get("/").status_code == 200
    second = TestClient(app, base_url=HOME, follow_redirects=False)
    assert second.get("/?token=once-and-never-again").status_code == 401
    assert second.get("/?token=wrong").status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_another_origin_can_change_nothing(page, origin):
    line = page.ask("lines")["lines"][1]["id"]
    assert page.post("retake", {"line": line}, Origin=origin).status_code == 403
    assert not page.ask("line", line=line)["history"]


def test_another_site_reads_nothing(page):
    for site in ("cross-site", "same-site"):
        assert page.client.get("/api/book", headers={"Sec-Fetch-Site": site}).status_code == 403


def test_a_form_of_another_site_is_no_wish(page):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"Origin": HOME, "Content-Type": kind}
        assert page.client.post("/api/undo", content=b"{}", headers=headers).status_code == 415


def test_every_answer_forbids_what_it_can(page):
    for path in ("/", "/studio/main.js", "/api/book", "/nowhere"):
        headers = page.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_a_guest_listens_and_changes_nothing(house, live, keys):
    guest = Page(Doorway(studio_application(house, live), keys, lan=True), SECRETS[GUEST])
    line = guest.ask("lines")["lines"][1]
    assert guest.client.get("/sound/take", params={"key": line["sound"]}).status_code == 200
    changing = [endpoint.name for endpoint in ENDPOINTS if endpoint.changes]
    assert {guest.post(name, {}).status_code for name in changing} == {403}
    assert guest.client.get("/api/book", headers={"Host": "192.168.1.9:8870"}).status_code == 200
    assert guest.client.get("/api/book", headers={"Host": "evil.example"}).status_code == 421


def test_a_guest_may_change_things_where_that_was_said(house, live):
    keys = Keys("dotsbook-test", SECRETS, guests_write=True)
    guest = Page(Doorway(studio_application(house, live), keys), SECRETS[GUEST])
    line = guest.ask("lines")["lines"][1]
    assert guest.wish("accept", lines=[line["id"]], by="Guest") == {"lines": 1}


PATHS = [
    "../book.yaml", "../../secret.txt", "..%2f..%2fsecret.txt", "%2e%2e/secret.txt", "/etc/passwd", "....//secret.txt",
    "..\\..\\secret.txt", "out/../../secret.txt", "\0", "secret.txt", ".dotsbook/ledger.db", "file:///etc/passwd",
]  # fmt: skip


@pytest.fixture
def secrets(folder):
    """Files beside the book and in its folder, and a link to one among the finished files."""
    (folder.parent / "secret.txt").write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "link.m4b").symlink_to(folder.parent / "secret.txt")


def told_nothing(answers) -> None:
    assert all(answer.status_code < 500 for answer in answers)
    assert not any(SECRET in answer.text or "root:" in answer.text for answer in answers)


def test_no_path_leads_out_of_the_book(page, secrets):
    got = [page.client.get("/sound/finished", params={"name": "link.m4b"})]
    for path in PATHS:
        got.append(page.client.get(f"/studio/{quote(path, safe='/%')}"))
        got.append(page.client.get("/sound/finished", params={"name": path}))
        got.append(page.client.get("/sound/take", params={"key": path}))
        got.append(page.client.get("/sound/said", params={"name": path}))
    told_nothing(got)
    assert {answer.status_code for answer in got} == {404}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_no_field_leads_out_of_the_book(page, secrets, endpoint):
    got = []
    for path in ("../secret.txt", "/etc/passwd"):
        for name in endpoint.asks.model_fields:
            if endpoint.sound:
                got.append(page.sound(endpoint.name, b"RIFF", **{name: path}))
            elif endpoint.changes:
                got.append(page.post(endpoint.name, {name: path}))
            else:
                got.append(page.client.get(f"/api/{endpoint.name}", params={name: path}))
    told_nothing(got)


def test_a_voices_transcript_is_words_and_never_a_file(page, folder):
    (folder / "secret.txt").write_text(SECRET)
    fields = {"name": "spy", "consent": "mine", "transcript": str(folder / "secret.txt")}
    answer = page.sound("add-voice", b"RIFF", **fields)
    assert answer.status_code == 400 and SECRET not in answer.text
    assert SECRET not in (folder / "book.yaml").read_text()


def test_ten_megabytes_of_note_are_too_much(page):
    line = page.ask("lines")["lines"][1]["id"]
    assert page.post("note", {"line": line, "text": "a" * 10_000_000}).status_code == 413
    assert page.post("note", {"line": line, "text": "a" * 5_000}).status_code == 422
    assert page.ask("notes") == {"notes": []}


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[" * 100_000, b'"a"', b"null", b'{"line": {}}', b"\xff\xfe", b"[1]"]
)
def test_what_is_no_wish_is_told_so(page, body):
    headers = {"Origin": HOME, "Content-Type": "application/json"}
    answer = page.client.post("/api/note", content=body, headers=headers)
    assert answer.status_code in (400, 422) and answer.json()["error"]["message"]
