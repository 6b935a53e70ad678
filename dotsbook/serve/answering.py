"""One request for speech from its line to its bytes: whole, or piece by piece as the voice speaks. It knows no routes."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, MutableMapping
from functools import partial
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dotsbook.errors import DotsbookError, ModelError, VoiceError
from dotsbook.production.live_text import Underway
from dotsbook.production.sound_files import FORMS, PCM_RATE, Resampled, SoundForm, pcm_bytes, wave_header
from dotsbook.production.speaking import Speaker, SpeakLater
from dotsbook.production.spoken_sound import SpokenSound, Tell
from dotsbook.serve.counters import Counters
from dotsbook.serve.gate import Receive, Scope, Send
from dotsbook.serve.refusals import Refusal
from dotsbook.serve.speech_fields import SpeechFields

PATIENCE = 600.0  # seconds that a voice may say nothing
Speech = TypeVar("Speech", bound=Underway)
# Of a stream's seconds, what they may take to come if its first piece is sent alone: dots.tts gives a quarter of that
# piece with the next one, so that a player would wait for the second piece of a slower stream.
ALONE = 0.7


class Gone(Exception):
    """Whoever asked has left."""


async def answer(request: Request, fields: SpeechFields, speaker: Speaker, counters: Counters) -> Response:
    """The answer to one request, its first sound heard. Refusal for what can't be spoken, Gone."""
    line = fields.line(speaker.voices)
    sounds = listening(partial(speaker.say, line), lambda _: left(request), counters, line.stream)
    return await sound_answer(fields, sounds, line.stream, counters, counters.stream_pace > ALONE)


async def sound_answer(
    fields: SpeechFields,
    sounds: AsyncIterator[SpokenSound],
    stream: bool,
    counters: Counters,
    two_first: bool = False,
) -> Response:
    """Sounds as the answer that was asked for, the first of them heard. two_first: a stream begins with two of them."""
    form, begun = FORMS[fields.response_format], time.monotonic()
    try:
        firsts = [await anext(sounds)]
        if stream and two_first and not firsts[0].last:
            firsts.append(await anext(sounds))
    except DotsbookError as error:
        raise in_words(error) from error
    counters.first_sounds += stream
    counters.first_seconds += (time.monotonic() - begun) if stream else 0.0
    rate = fields.sample_rate or (PCM_RATE if fields.response_format == "pcm" else firsts[0].rate)
    headers = {"X-Sample-Rate": str(rate)}
    kind = f"{form.media_type};rate={rate}" if fields.response_format == "pcm" else form.media_type
    if stream:
        head = wave_header(rate) if fields.response_format == "wav" else b""
        return SoundStream(firsts, sounds, head, rate, kind, headers)
    try:
        data = await run_in_threadpool(encoded, [*firsts, *[sound async for sound in sounds]], form, rate)
    except DotsbookError as error:
        raise in_words(error) from error
    return Response(data, media_type=kind, headers=headers)


def encoded(sounds: list[SpokenSound], form: SoundForm, rate: int) -> bytes:
    """A whole line as a file at `rate` Hz."""
    import numpy as np

    from dotsbook.audio import resample

    whole = np.concatenate([sound.samples for sound in sounds if sound.samples is not None])
    return form.whole(resample(whole, sounds[0].rate, rate), rate)


async def listening(
    begin: Callable[[Tell], Speech],
    leaving_of: Callable[[Speech], Coroutine[Any, Any, None]],
    counters: Counters,
    paced: bool = False,
) -> AsyncIterator[SpokenSound]:
    """The sounds of a speech as they come; raises what went wrong, and Gone. Ends it when it is closed.

    leaving_of: what waits until whoever asked hangs up, and may see to the speech meanwhile. paced: how quickly it comes
    tells how quick the voice is.
    """
    heard: asyncio.Queue[SpokenSound] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(sound: SpokenSound) -> None:
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(heard.put_nowait, sound)

    speech = await run_in_threadpool(begin, tell)
    counters.speaking += 1
    first_came, later = 0.0, 0.0  # when; seconds of sound after it
    leaving = asyncio.ensure_future(leaving_of(speech))
    try:
        while True:
            sound = await next_of(heard, leaving)
            if sound.error is not None:
                raise sound.error
            if sound.samples is not None:
                seconds = len(sound.samples) / sound.rate
                counters.audio += seconds
                later += seconds if first_came else 0.0
            first_came = first_came or time.monotonic()
            if paced and sound.last and later:
                counters.stream_pace = (time.monotonic() - first_came) / later
            yield sound
            if sound.last:
                return
    finally:
        counters.speaking -= 1
        leaving.cancel()
        speech.cancel()


async def next_of(heard: "asyncio.Queue[SpokenSound]", leaving: "asyncio.Future[None]") -> SpokenSound:
    coming = asyncio.ensure_future(heard.get())
    waiting: set[asyncio.Future] = {coming, leaving}
    done, _ = await asyncio.wait(waiting, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if coming in done:
        return coming.result()
    coming.cancel()
    if leaving in done:
        leaving.result()
        raise Gone
    raise SpeakLater("The voice engine says nothing.", 30.0)


async def left(request: Request) -> None:
    """Wait until whoever asked hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class SoundStream(Response):
    """16 bit PCM as it is spoken, behind a header or none. Where it breaks off, the connection does: no end is sent."""

    def __init__(
        self,
        firsts: list[SpokenSound],
        sounds: AsyncIterator[SpokenSound],
        head: bytes,
        rate: int,
        media_type: str,
        headers: dict[str, str],
    ):
        super().__init__(None, 200, headers, media_type)
        self.firsts, self.sounds, self.head = firsts, sounds, head
        self.resampled = Resampled(rate)
        self.raw_headers = [pair for pair in self.raw_headers if pair[0] != b"content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send(chunk(self.head + b"".join(map(self.bytes_of, self.firsts))))
        try:
            async for sound in self.sounds:
                await send(chunk(self.bytes_of(sound)))
        except (DotsbookError, Refusal, Gone):
            return
        await send(chunk(b"", more=False))

    def bytes_of(self, sound: SpokenSound) -> bytes:
        return pcm_bytes(self.resampled.after(sound.samples, sound.rate, sound.last))


def chunk(data: bytes, more: bool = True) -> MutableMapping[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def in_words(error: DotsbookError) -> Refusal:
    """What can't be spoken, as an answer."""
    if isinstance(error, SpeakLater):
        return Refusal(str(error), 503, retry_after=error.retry_after or 2.0)
    return Refusal(str(error), 400 if isinstance(error, VoiceError | ModelError) else 500)
