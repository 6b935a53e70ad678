"""A hub on this machine, with just enough of the real one's manners for huggingface_hub: listing, hashes, ranges."""

import hashlib
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """Files of one repo, and what was asked for. `cut` ends each answer after so many bytes."""

    def __init__(self, repo: str, files: dict[str, bytes], licence: str = "", card: dict | None = None):
        self.repo, self.files, self.asked, self.cut, self.status = repo, files, [], None, 200
        self.licence, self.card = licence, card

    def listed(self) -> list[dict]:
        return [self.entry(name, data) for name, data in self.files.items()]

    def entry(self, name: str, data: bytes) -> dict:
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        entry = {
            "type": "file",
            "path": name,
            "rfilename": name,
            "size": len(data),
            "oid": blob,
            "blobId": blob,
        }
        if name.endswith((".safetensors", ".onnx")):
            digest = hashlib.sha256(data).hexdigest()
            entry["lfs"] = {"sha256": digest, "oid": digest, "size": len(data), "pointerSize": 130}
        return entry

    def tag(self, name: str) -> str:
        entry = self.entry(name, self.files[name])
        return entry["lfs"]["sha256"] if "lfs" in entry else entry["oid"]


@contextmanager
def serving(*hubs: Hub):
    """The endpoint of one or several repos, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"hubs": hubs}))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    hubs: tuple[Hub, ...]
    hub: Hub

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = unquote(urlsplit(self.path).path).strip("/")
        self.hub = next((hub for hub in self.hubs if hub.repo in path), self.hubs[0])
        self.hub.asked.append(f"{self.command} {path} {self.headers.get('Range', '')}".strip())
        if self.hub.status != 200 or self.hub.repo not in path:
            return self.answer(
                self.hub.status if self.hub.status != 200 else 404,
                b"{}",
                **{"X-Error-Code": "RepoNotFound"} if self.hub.status == 200 else {},
            )
        if path.startswith(f"api/models/{self.hub.repo}/tree"):
            return self.answer(200, json.dumps(self.hub.listed()).encode())
        if path.startswith(f"api/models/{self.hub.repo}"):
            about = {
                "id": self.hub.repo,
                "modelId": self.hub.repo,
                "sha": COMMIT,
                "siblings": self.hub.listed(),
                "tags": [f"license:{self.hub.licence}"] if self.hub.licence else [],
                "cardData": self.hub.card,
            }
            return self.answer(200, json.dumps(about).encode())
        name = path.removeprefix(f"{self.hub.repo}/resolve/").partition("/")[2]
        return (
            self.file(name)
            if name in self.hub.files
            else self.answer(404, b"", **{"X-Error-Code": "EntryNotFound"})
        )

    def file(self, name: str):
        data, tag = self.hub.files[name], self.hub.tag(name)
        start = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.answer(206 if start else 200, data[start:], **headers)

    def answer(self, status: int, data: bytes, **headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: self.hub.cut])
            if self.hub.cut is not None and len(data) > self.hub.cut:
                self.close_connection = True
                self.connection.close()
