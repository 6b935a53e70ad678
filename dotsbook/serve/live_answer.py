"""A text that comes line by line to bytes of its sound while it comes. It knows no routes.

{"voice": "mara", "response_format": "pcm"}        the first line: what POST /v1/audio/speech takes, `input` or not
{"input": "The boat left "}                        more of the text, as often as there is more
{"input": "at half past six."}                     the body's end is the text's
"""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from dotsbook.production.live_text import LiveText
from dotsbook.production.speaking import LONGEST, Speaker
from dotsbook.serve.answering import Gone, left, listening, sound_answer
from dotsbook.serve.counters import Counters
from dotsbook.serve.speech_fields import SpeechFields, clean, read_fields


class LiveFields(SpeechFields):
    """Of the first line."""

    input: Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)] = ""
    response_format: Literal["wav", "pcm"] = "wav"
    stream: bool = True


class LiveWords(SpeechFields):
    """Of the others."""

    input: Annotated[str, Field(max_length=LONGEST), AfterValidator(clean)]


async def live_answer(request: Request, speaker: Speaker, counters: Counters) -> Response:
    """The answer to a text that comes, its first sound heard. Refusal for what can't be spoken, Gone."""
    rows = rows_of(request)
    fields = read_fields(await anext(rows, b""), LiveFields)
    line = fields.line(speaker.voices)

    async def rest(text: LiveText) -> None:
        """Hand on what comes, and wait until whoever asked hangs up."""
        await run_in_threadpool(text.add, fields.input)
        async for row in rows:
            await run_in_threadpool(text.add, read_fields(row, LiveWords).input)
        await run_in_threadpool(text.finish)
        await left(request)

    return await sound_answer(
        fields, listening(partial(speaker.listen, line), rest, counters), True, counters
    )


async def rows_of(request: Request) -> AsyncIterator[bytes]:
    """The lines of a body as they come. Gone where the connection ends before it."""
    begun = b""
    try:
        async for piece in request.stream():
            *rows, begun = (begun + piece).split(b"\n")
            for row in filter(bytes.strip, rows):
                yield row
    except ClientDisconnect as error:
        raise Gone from error
    if begun.strip():
        yield begun
