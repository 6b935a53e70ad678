"""The routes: the page's own files, what the views answer, sounds, and what is new. It knows no sockets."""

import asyncio
import json
from concurrent.futures import Future
from functools import partial
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dotsbook.errors import DotsbookError
from dotsbook.production.finished_files import finished_files
from dotsbook.production.production import Production
from dotsbook.serve.application import on_http, on_refusal
from dotsbook.serve.gate import read_whole
from dotsbook.serve.refusals import Refusal, refused
from dotsbook.studio.endpoint import Endpoint
from dotsbook.studio.live import Live, LivePage
from dotsbook.studio.ranged import ranged
from dotsbook.studio.studio_house import StudioHouse
from dotsbook.studio.views import (
    book_view,
    cast_view,
    direct_view,
    doubtful_view,
    listen_view,
    punch_view,
    review_view,
    takes_view,
    words_view,
)

VIEWS = (
    book_view,
    listen_view,
    doubtful_view,
    takes_view,
    words_view,
    cast_view,
    direct_view,
    review_view,
    punch_view,
)
ENDPOINTS: tuple[Endpoint, ...] = tuple(endpoint for view in VIEWS for endpoint in view.ENDPOINTS)
LARGEST_SOUND = 64_000_000  # bytes of a recording
SOUND = {"type": "string", "format": "binary"}
KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


class StudioRoutes:
    def __init__(self, house: StudioHouse, live: Live):
        self.house, self.live = house, live
        self.files = client_files()

    async def page(self, request: Request) -> Response:
        return self.file_named("index.html")

    async def file(self, request: Request) -> Response:
        return self.file_named(request.path_params["name"])

    def file_named(self, name: str) -> Response:
        """One of the page's own files, from a table made when the studio began: no path is ever opened."""
        if name not in self.files:
            raise Refusal("There is no such file.", 404)
        kind = KINDS.get(PurePosixPath(name).suffix, "application/octet-stream")
        return Response(self.files[name], media_type=kind, headers={"Cache-Control": "no-cache"})

    async def asked(self, endpoint: Endpoint, request: Request) -> Response:
        """A view's answer."""
        sound = b""
        if endpoint.sound or not endpoint.changes:
            fields: object = dict(request.query_params)
            if endpoint.sound:
                sound = await sound_in(request)
        else:
            fields = await wish_in(request, endpoint.largest)
        question = understood(endpoint.asks, fields, loose=endpoint.sound or not endpoint.changes)
        answer = partial(endpoint.answer, asked=question, **({"sound": sound} if endpoint.sound else {}))
        room = self.house.rooms[endpoint.room]
        return JSONResponse(await done(room.do(lambda book: answer(self.house, book))))

    async def take(self, request: Request) -> Response:
        """A take's sound."""
        key = request.query_params.get("key", "")
        if not (key.startswith("r1:") and key[3:].isalnum() and len(key) == 67):
            raise Refusal("There is no such take.", 404)

        def found(book: Production):
            try:
                return book.review.take_file(key)
            except DotsbookError as error:
                raise Refusal(str(error), 404) from error

        return ranged(request, await done(self.house.shelf.do(found)), lasting=True)

    async def finished(self, request: Request) -> Response:
        """A finished file: one of those that are listed, and no other."""
        name = request.query_params.get("name", "")

        def found(book: Production):
            known = {one.name for one in finished_files(book.project)}
            if name not in known:
                raise Refusal("There is no such file.", 404)
            return book.project.out / name

        return ranged(request, await done(self.house.shelf.do(found)))

    async def said(self, request: Request) -> Response:
        """What was spoken to be tried."""
        data = self.house.said.get(request.query_params.get("name", ""))
        if data is None:
            raise Refusal("That sound isn't kept any more; try it again.", 404)
        return Response(data, media_type="audio/flac")

    async def events(self, request: Request) -> Response:
        """What is new, as it happens."""
        return StreamingResponse(
            LivePage(self.live).told(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    async def schema(self, request: Request) -> Response:
        """What may be asked, as OpenAPI has it."""
        return JSONResponse(openapi())


async def done(work: "Future"):
    return await asyncio.wrap_future(work)


async def wish_in(request: Request, largest: int) -> object:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal("The body must be JSON: send `Content-Type: application/json`.", 415)
    data = await read_whole(request.receive, largest)
    try:
        return json.loads(data or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refusal(f"The body isn't JSON: {error}.") from error


async def sound_in(request: Request) -> bytes:
    if not request.headers.get("content-type", "").lower().startswith("audio/"):
        raise Refusal("The body must be a recording: send `Content-Type: audio/…`.", 415)
    return await read_whole(request.receive, LARGEST_SOUND)


def understood(model: type[BaseModel], fields: object, loose: bool) -> BaseModel:
    """The fields as the question has them; loose: figures may come as text. Raises Refusal with what is wrong."""
    try:
        return model.model_validate(fields, strict=False if loose else None)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the question"
        raise Refusal(f"`{place[:60]}`: {first['msg']}.", 422, param=place[:60]) from error


def client_files() -> dict[str, bytes]:
    """{name: what it holds} of the page's own files."""
    root = resources.files("dotsbook.studio") / "client"
    found = {"marking.js": (resources.files("dotsbook") / "marking.js").read_bytes()}
    waiting = [("", root)]
    while waiting:
        before, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{before}{entry.name}/", entry))
            elif PurePosixPath(entry.name).suffix in KINDS:
                found[before + entry.name] = entry.read_bytes()
    return found


def openapi() -> dict:
    """What may be asked, as OpenAPI has it: each question's fields, and that an answer is JSON."""
    paths = {}
    answers = {
        code: {"description": what}
        for code, what in (
            ("200", "the answer"),
            ("400", "a sentence on what is wrong"),
            ("422", "a field is wrong"),
        )
    }
    for endpoint in ENDPOINTS:
        fields = endpoint.asks.model_json_schema()
        defined: dict[str, Any] = {"responses": answers, "summary": (endpoint.answer.__doc__ or "").strip()}
        if endpoint.sound or not endpoint.changes:
            needed = fields.get("required", ())
            defined["parameters"] = [
                {"name": name, "in": "query", "required": name in needed, "schema": schema}
                for name, schema in fields.get("properties", {}).items()
            ]
        if endpoint.changes:
            content = (
                {"audio/wav": {"schema": SOUND}}
                if endpoint.sound
                else {"application/json": {"schema": fields}}
            )
            defined["requestBody"] = {"required": True, "content": content}
        paths[f"/api/{endpoint.name}"] = {"post" if endpoint.changes else "get": defined}
    return {"openapi": "3.1.0", "info": {"title": "dotsbook studio", "version": "1"}, "paths": paths}


def studio_application(house: StudioHouse, live: Live) -> Starlette:
    """The studio as ASGI, without its door."""
    routes = StudioRoutes(house, live)
    app = Starlette(
        routes=[
            Route("/", routes.page, methods=["GET"]),
            Route("/studio/{name:path}", routes.file, methods=["GET"]),
            *(
                Route(
                    f"/api/{endpoint.name}",
                    partial(routes.asked, endpoint),
                    methods=["POST" if endpoint.changes else "GET"],
                )
                for endpoint in ENDPOINTS
            ),
            Route("/api", routes.schema, methods=["GET"]),
            Route("/sound/take", routes.take, methods=["GET"]),
            Route("/sound/finished", routes.finished, methods=["GET"]),
            Route("/sound/said", routes.said, methods=["GET"]),
            Route("/events", routes.events, methods=["GET"]),
        ],
        exception_handlers={Refusal: on_refusal, DotsbookError: on_sentence, HTTPException: on_http},
    )
    app.router.redirect_slashes = False
    return app


async def on_sentence(request: Request, error: Exception) -> Response:
    """What is wrong, as the command line says it."""
    return refused(Refusal(str(error), 400))
