"""When the first sound of a stream goes out: alone where streams have come quickly, else with the next."""

import asyncio
import math

import numpy as np
import pytest

from dotsbook.production.speaking import SpokenSound
from dotsbook.serve.answering import answer
from dotsbook.serve.counters import Counters
from dotsbook.serve.speech_fields import SpeechFields

FIELDS = SpeechFields(input="The boat left.", response_format="pcm", stream=True)
FIRST, SECOND = (SpokenSound(np.full(240, level, np.float32), 24_000) for level in (0.1, 0.2))
END = SpokenSound(np.full(240, 0.3, np.float32), 24_000, last=True)


class Here:
    """A request whose sender stays."""

    async def receive(self):
        await asyncio.Event().wait()


class Speech:
    def cancel(self):
        pass


class Voice:
    """Speaks its first piece at once, the others when told to."""

    def __init__(self):
        self.voices, self.tell = {"narrator": "draft"}, None

    def say(self, line, tell):
        self.tell = tell
        tell(FIRST)
        return Speech()


async def sent_bytes(stream) -> bytes:
    sent = []

    async def send(message):
        sent.append(message.get("body", b""))

    await stream({}, None, send)
    return b"".join(sent)


async def begun(pace: float) -> tuple[Counters, Voice, asyncio.Task]:
    """An answer whose voice has said its first piece."""
    counters, voice = Counters(), Voice()
    counters.stream_pace = pace
    coming = asyncio.create_task(answer(Here(), FIELDS, voice, counters))
    while voice.tell is None:
        await asyncio.sleep(0.001)
    return counters, voice, coming


async def rest(voice: Voice, coming: asyncio.Task) -> bytes:
    voice.tell(SECOND)
    voice.tell(END)
    return await sent_bytes(await coming)


def right(data: bytes) -> bool:
    return len(data) == 3 * 240 * 2 and np.allclose(
        np.frombuffer(data, "<i2")[::240] / 32767, [0.1, 0.2, 0.3], atol=1e-4
    )


def test_a_first_piece_goes_out_alone_where_streams_came_quickly():
    async def check():
        counters, voice, coming = await begun(0.2)
        await asyncio.wait_for(asyncio.shield(coming), 60)  # nothing more has been said
        assert right(await rest(voice, coming))
        assert counters.stream_pace not in (0.2, math.inf)

    asyncio.run(check())


@pytest.mark.parametrize("pace", [math.inf, 0.9])
def test_it_waits_for_the_next_where_they_came_slowly_or_none_has_come(pace):
    async def check():
        _, voice, coming = await begun(pace)
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert not coming.done()
        assert right(await rest(voice, coming))

    asyncio.run(check())
