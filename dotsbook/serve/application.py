"""The routes: speech, voices, models, health, metrics. It knows no engines and no sockets."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dotsbook.errors import DotsbookError
from dotsbook.production.speaking import Speaker
from dotsbook.serve.answering import Gone, answer, in_words
from dotsbook.serve.counters import Counters
from dotsbook.serve.gate import LIVE, Gate
from dotsbook.serve.live_answer import live_answer
from dotsbook.serve.refusals import Refusal, refused
from dotsbook.serve.speech_fields import SpeechFields, read_fields

AT_ONCE = 64  # requests for speech being answered


class Routes:
    def __init__(self, speaker: Speaker, counters: Counters):
        self.speaker, self.counters = speaker, counters

    async def speech(self, request: Request) -> Response:
        fields = read_fields(await request.body(), SpeechFields)
        self.admit()
        return await answer(request, fields, self.speaker, self.counters)

    async def live(self, request: Request) -> Response:
        self.admit()
        return await live_answer(request, self.speaker, self.counters)

    def admit(self) -> None:
        if self.counters.speaking >= AT_ONCE:
            raise Refusal(f"{AT_ONCE} requests are being spoken; ask again.", 429, retry_after=1.0)

    async def voices(self, request: Request) -> Response:
        found = [{"id": name, "name": name, "engine": engine} for name, engine in self.speaker.voices.items()]
        return JSONResponse({"object": "list", "data": found, "voices": list(self.speaker.voices)})

    async def models(self, request: Request) -> Response:
        names = dict.fromkeys(self.speaker.voices.values())
        return JSONResponse({"object": "list", "data": [model(name) for name in names]})

    async def model(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.speaker.voices.values():
            raise Refusal(f"There is no model {name[:60]!r} here.", 404, param="model")
        return JSONResponse(model(name))

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        return PlainTextResponse(self.counters.text(self.speaker.counts()))


def model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "dotsbook"}


def application(speaker: Speaker, token: str | None = None, loopback: bool = True) -> Gate:
    """The server as ASGI. token: what every request must bring, None for none; loopback: only this machine reaches it."""
    counters = Counters()
    routes = Routes(speaker, counters)
    app = Starlette(
        routes=[
            Route("/v1/audio/speech", routes.speech, methods=["POST"]),
            Route(LIVE, routes.live, methods=["POST"]),
            Route("/v1/audio/voices", routes.voices, methods=["GET"]),
            Route("/v1/models", routes.models, methods=["GET"]),
            Route("/v1/models/{name:path}", routes.model, methods=["GET"]),
            Route("/healthz", routes.health, methods=["GET"]),
            Route("/metrics", routes.metrics, methods=["GET"]),
        ],
        exception_handlers={
            Refusal: on_refusal,
            DotsbookError: on_error,
            HTTPException: on_http,
            Gone: on_gone,
            Exception: on_fault,
        },
    )
    app.router.redirect_slashes = False
    return Gate(app, token, loopback, counters)


async def on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(error)


async def on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DotsbookError)
    return refused(in_words(error))


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answered = refused(
        Refusal(f"{request.method} {request.url.path[:100]}: {error.detail}.", error.status_code)
    )
    answered.headers.update(error.headers or {})
    return answered


async def on_fault(request: Request, error: Exception) -> Response:
    """A mistake of ours; uvicorn logs where."""
    return refused(Refusal("The server met an error of its own; its log says where.", 500))


async def on_gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody hears it
