"""A recogniser behind HTTP, by OpenAI's /audio/transcriptions: it hears freely and can't score a text. It knows no takes."""

import io
import ipaddress
import json
import os
import uuid
from functools import cached_property
from urllib.parse import urlsplit

from dotsbook.audio import Samples
from dotsbook.ears.recogniser import FreeListening, HeardWord
from dotsbook.errors import ModelError
from dotsbook.http_post import NoAnswer, post
from dotsbook.language_code import primary

PATIENCE = 120.0  # s for one sound
LARGEST = 4_000_000  # bytes of an answer
KEY = "DOTSBOOK_EARS_KEY"  # environment variable with the server's key, if it wants one


class TranscriptionServer:
    """address: http://host:port/v1#model, the model as the server calls it."""

    def __init__(self, address: str, allow_remote: bool = False):
        self.base, _, model = address.partition("#")
        self.model = model or "whisper-1"
        host = urlsplit(self.base).hostname or ""
        if not allow_remote and not is_near(host):
            raise ModelError(
                f"The recogniser {self.base} is on another network, and every take would be sent there; write "
                "`allow_remote: true` under `ears:` if that is wanted."
            )

    @property
    def identity(self) -> str:
        return f"transcriptions:{self.base}#{self.model}"

    def hears(self, language: str) -> bool:
        return True  # the server says nothing of languages

    def listen(self, samples: Samples, rate: int, language: str) -> "ServerListening":
        return ServerListening(self, samples, rate, primary(language))

    def transcribe(self, sound: bytes, language: str) -> dict:
        """The server's answer: its text, with words and times where it gives them."""
        fields = {
            "model": self.model,
            "language": language,
            "response_format": "verbose_json",
            "timestamp_granularities[]": "word",
            "temperature": "0",
        }
        body, kind = multipart(fields, sound)
        headers = {"Content-Type": kind}
        if key := os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {key}"
        url = f"{self.base.rstrip('/')}/audio/transcriptions"
        try:
            answer = post(url, body, headers, PATIENCE, LARGEST)
            found = json.loads(answer.data)
        except (NoAnswer, ValueError) as error:
            raise ModelError(
                f"The recogniser {url} doesn't answer as it should ({error}); is the server running?"
            ) from error
        if answer.status != 200:
            raise ModelError(
                f"The recogniser {url} answered {answer.status}; see its address, model and key."
            )
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise ModelError(f"The recogniser {url} answered without a `text`; is it a transcription server?")
        return found


class ServerListening(FreeListening):
    def __init__(self, server: TranscriptionServer, samples: Samples, rate: int, language: str):
        self.server, self.samples, self.rate, self.language = server, samples, rate, language

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @cached_property
    def answer(self) -> dict:
        import soundfile

        sound = io.BytesIO()
        soundfile.write(sound, self.samples, self.rate, format="WAV", subtype="PCM_16")
        return self.server.transcribe(sound.getvalue(), self.language)

    def words(self) -> list[HeardWord]:
        timed = self.answer.get("words")
        if isinstance(timed, list) and timed:
            return [
                HeardWord(str(word["word"]).strip(), float(word["start"]), float(word["end"]), 0.9)
                for word in timed
                if isinstance(word, dict) and {"word", "start", "end"} <= word.keys()
            ]
        texts = self.answer["text"].split()
        share = self.seconds / max(1, len(texts))
        return [HeardWord(text, at * share, (at + 1) * share, 0.9) for at, text in enumerate(texts)]


def multipart(fields: dict[str, str], sound: bytes) -> tuple[bytes, str]:
    """(body, content type) of a form with fields and one WAV file."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="take.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    return b"".join(
        [*parts, head.encode(), sound, f"\r\n--{edge}--\r\n".encode()]
    ), f"multipart/form-data; boundary={edge}"


def is_near(host: str) -> bool:
    """Whether a host is this machine or of its own network."""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
