"""What is asked of every request before anything else: its host, its token, its size, its form. It knows no routes.

A page in a browser can reach a server on its own machine. It is kept out by three things: no CORS header is ever sent;
a body must be `application/json`, which a page can't send elsewhere without asking; and, on loopback, the request must
have been sent to a loopback name, so that a name that was made to point here (DNS rebinding) is refused.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from dotsbook.machine import is_this_machine
from dotsbook.serve.counters import Counters
from dotsbook.serve.refusals import Refusal, refused

LARGEST_BODY = 262_144  # bytes
READING = 30.0  # seconds that a body may take to come
PAUSE = 60.0  # seconds that a text may pause that is spoken while it comes
LIVE = "/v1/audio/speech/live"  # its path
OPEN_PATHS = frozenset({"/healthz"})  # without a token: it tells nothing

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class HungUp(Exception):
    """The connection ended before the body did."""


class Gate:
    """ASGI around the application. token: None where everybody who reaches it may speak; loopback: whether only this
    machine does."""

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        token: str | None,
        loopback: bool,
        counters: Counters,
    ):
        self.app, self.token, self.loopback, self.counters = app, token, loopback, counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}

        async def counted(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.counters.answered(message["status"])
            await send(message)

        try:
            self.admit(scope, headers)
            if scope["path"] == LIVE and scope["method"] == "POST":
                must_be(headers, b"application/x-ndjson", "JSON, an object a line")
                receive = as_it_comes(receive)
            elif scope["method"] in ("POST", "PUT", "PATCH"):
                receive = whole(await self.body(headers, receive), receive)
        except HungUp:
            return  # nobody hears an answer, and the connection takes none
        except Refusal as refusal:
            await refused(refusal)(scope, receive, counted)
            return
        await self.app(scope, receive, counted)

    def admit(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        if self.loopback and not is_this_machine(host_name(headers).strip("[]")):
            raise Refusal("This server answers to localhost only.", 421)
        if self.token is not None and scope["path"] not in OPEN_PATHS:
            kind, _, given = headers.get(b"authorization", b"").partition(b" ")
            right = hmac.compare_digest(given.strip(), self.token.encode("utf-8"))
            if kind.lower() != b"bearer" or not right:
                raise Refusal("The token is missing or wrong; send it as `Authorization: Bearer …`.", 401)

    async def body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """The whole body, within its bounds."""
        must_be(headers, b"application/json", "JSON")
        try:
            async with asyncio.timeout(READING):
                return await read_whole(receive)
        except TimeoutError as error:
            raise Refusal("The body didn't come.", 408) from error


def must_be(headers: Mapping[bytes, bytes], kind: bytes, said: str) -> None:
    """Refuse a body of another kind."""
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != kind:
        raise Refusal(f"The body must be {said}: send `Content-Type: {kind.decode()}`.", 415)


def host_name(headers: Mapping[bytes, bytes]) -> str:
    """The name that a request was sent to, without its port."""
    host = headers.get(b"host", b"").decode("latin-1").lower()
    return host if host.endswith("]") else host.rpartition(":")[0] or host


async def read_whole(receive: Receive, largest: int = LARGEST_BODY) -> bytes:
    data = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        data += message.get("body", b"")
        if len(data) > largest:
            raise Refusal(f"The body is larger than {largest:,} bytes.", 413)
        if not message.get("more_body"):
            return bytes(data)


def as_it_comes(receive: Receive) -> Receive:
    """A body that is handed on piece by piece, within the bounds of a whole one; after it, what comes."""
    size, over = 0, False

    async def next_piece() -> MutableMapping[str, Any]:
        nonlocal size, over
        if over:
            return await receive()
        try:
            async with asyncio.timeout(PAUSE):
                message = await receive()
        except TimeoutError as error:
            raise Refusal(f"No more of the text came in {PAUSE:.0f} seconds.", 408) from error
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise Refusal(f"The body is larger than {LARGEST_BODY:,} bytes.", 413)
        over = not message.get("more_body")
        return message

    return next_piece


def whole(data: bytes, receive: Receive) -> Receive:
    """A body that was read, given once more; after it, what comes (the end of the connection)."""
    given = False

    async def once_more() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": data, "more_body": False}

    return once_more
