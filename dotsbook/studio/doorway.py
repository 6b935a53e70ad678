"""What is asked of every request before anything else: its host, its cookie, where it comes from. It knows no routes.

A page of another site can send requests to a server on this machine. It is kept out four times over: the request must
be addressed to a loopback name (or, with `--lan`, to an address in figures, which no name can be made to point at);
the cookie is never sent along from another site (SameSite=Strict); what changes something must come from our own
origin; and no answer may be read, framed or run by another site.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse, Response

from dotsbook.machine import is_this_machine
from dotsbook.serve.gate import Receive, Scope, Send, host_name
from dotsbook.serve.refusals import Refusal, refused

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"microphone=(self), camera=(), geolocation=()",
}
OWN, GUEST = "own", "guest"  # who a cookie stands for
YEAR = 31_536_000  # seconds that a cookie lasts
LOCKED_OUT = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>dotsbook</title>"
    "<h1>This studio needs its own address</h1>"
    "<p>Open the address that <code>dotsbook studio</code> printed. It works once; start the command again for another.</p>"
)


@dataclass
class Keys:
    """What opens the door. A token stands in an address and is changed for a cookie."""

    cookie: str  # its name: another for each project, as cookies are shared by the ports of a host
    secrets: Mapping[str, str]  # {OWN or GUEST: what the cookie holds}
    once: set[str] = field(default_factory=set)  # tokens that open it once, for OWN
    guests: str | None = None  # the token of the link for others
    guests_write: bool = False


class Doorway:
    """ASGI around the application. lan: whether it can be reached from other machines."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], keys: Keys, lan: bool = False):
        self.app, self.keys, self.lan = app, keys, lan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return None

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in HEADERS.items() if name not in there),
                    *([] if b"cache-control" in there else [(b"cache-control", b"no-store")]),
                ]
            await send(message)

        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            self.admit_host(headers)
            if answer := self.let_in(scope, headers):
                return await answer(scope, receive, guarded)
            self.admit_change(scope, headers)
        except Refusal as refusal:
            return await refused(refusal)(scope, receive, guarded)
        return await self.app(scope, receive, guarded)

    def admit_host(self, headers: Mapping[bytes, bytes]) -> None:
        name = host_name(headers)
        if is_this_machine(name.strip("[]")) or (self.lan and is_address(name)):
            return
        raise Refusal("This studio answers to its own address only.", 421)

    def let_in(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Response | None:
        """Find out who it is, and note it in the scope; an answer where that is all."""
        who = self.who(headers)
        if scope["path"] == "/" and scope["method"] == "GET":
            token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            if token:
                return self.changed(token, who)
            if who is None:
                return HTMLResponse(LOCKED_OUT, 401)
        if who is None:
            raise Refusal("Open the address that `dotsbook studio` printed.", 401)
        scope["dotsbook"] = who
        return None

    def changed(self, token: str, who: str | None) -> Response:
        """A token changed for a cookie."""
        if who != OWN:
            opens = next((one for one in self.keys.once if same(one, token)), None)
            self.keys.once.discard(opens or "")
            guest = self.keys.guests is not None and same(self.keys.guests, token)
            found = OWN if opens else GUEST if guest else who
            if found is None:
                return HTMLResponse(LOCKED_OUT, 401)
            who = found
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            self.keys.cookie, self.keys.secrets[who], max_age=YEAR, path="/", httponly=True, samesite="strict"
        )
        return answer

    def who(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Whom the cookie stands for."""
        for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.keys.cookie:
                return next((who for who, secret in self.keys.secrets.items() if same(secret, value)), None)
        return None

    def admit_change(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        """What changes something comes from our own page, from whoever may."""
        site = headers.get(b"sec-fetch-site", b"same-origin")
        if site not in (b"same-origin", b"none"):
            raise Refusal("This studio answers to its own page only.", 403)
        if scope["method"] in ("GET", "HEAD"):
            return
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if urlsplit(origin).netloc != host:
            raise Refusal("What changes something must come from the studio's own page.", 403)
        if scope["dotsbook"] == GUEST and not self.keys.guests_write:
            raise Refusal("This link is for listening: nothing can be changed with it.", 403)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8", "replace"))


def is_address(name: str) -> bool:
    """Whether a host's name is an address in figures."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
