"""A server that speaks, by POST /audio/speech as OpenAI has it: one request, one checked answer. It knows no voices.

http.client, a connection a request: no redirects are followed, so text and key go to the host that was named and to no
other. What comes back is read up to a bound, and a connection can be ended from another thread.
"""

import contextlib
import http.client
import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from dotsbook.errors import VoiceError
from dotsbook.machine import is_this_machine
from dotsbook.release import __version__
from dotsbook.voices.engine import EngineDied, EngineUnavailable
from dotsbook.voices.wave_answer import CutShort

CONNECTING = 10.0  # seconds
ANSWERING = 600.0  # seconds without a byte
LARGEST = 400_000_000  # bytes of an answer: an hour of speech
TOLD = 300  # characters of a server's own words in a sentence of ours
AWAY = {408, 429, 502, 503, 504}  # statuses of a server that can't now and may later
REFUSED = {401, 403, 404, 405}  # statuses that every line would get


@dataclass(frozen=True)
class Answer:
    """A server's answer with status 200."""

    data: bytes
    kind: str  # its content type, in lower case
    rate: int | None  # Hz, where a header says so


class LineRefused(VoiceError):
    """The server can't speak this line; others it may."""


class ServerFault(LineRefused):
    """The server met an error of its own; the same line may go well a moment later."""


class SpeechServer:
    """base_url: as far as `/v1`; key_from: the environment variable that holds its key."""

    def __init__(self, base_url: str, key_from: str):
        self.base_url, self.key_from = base_url.rstrip("/"), key_from
        self.parts: SplitResult = urlsplit(self.base_url)
        self.open: set[http.client.HTTPConnection] = set()
        self.lock, self.closed = threading.Lock(), False

    @property
    def host(self) -> str:
        """Name and port, without a user or a password that the address may hold."""
        return self.parts.netloc.rpartition("@")[2]

    @property
    def is_here(self) -> bool:
        """Whether it is this machine by its address, so that what is sent leaves nothing."""
        return is_this_machine(self.parts.hostname or "")

    def headers(self) -> dict[str, str]:
        """With the key, if the environment has one. VoiceError for a key that no header can carry, not naming it."""
        found = {
            "Content-Type": "application/json",
            "Accept": "audio/*, application/octet-stream",
            "User-Agent": f"dotsbook/{__version__}",
            "Connection": "close",
        }
        if key := os.environ.get(self.key_from, "").strip():
            if not (key.isascii() and key.isprintable()):
                raise VoiceError(
                    f"The environment variable {self.key_from} holds no key: it has other characters."
                )
            found["Authorization"] = f"Bearer {key}"
        return found

    def speech(self, body: Mapping[str, object]) -> Answer:
        """One POST. Raises EngineUnavailable where the server is away, CutShort where it broke off, LineRefused, and
        VoiceError where no line will fare better."""
        connection = self.connection()
        try:
            return self.asked(connection, json.dumps(body).encode("ascii"))
        except (http.client.IncompleteRead, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError) as error:
            raise self.ended() or CutShort(f"{self.host} broke off its answer") from error
        except ssl.SSLCertVerificationError as error:
            raise VoiceError(
                f"{self.host} can't prove that it is itself ({error.verify_message})."
            ) from error
        except TimeoutError as error:
            raise self.ended() or EngineUnavailable(f"{self.host} says nothing.") from error
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            if self.closed:  # the socket was taken away
                raise EngineDied("The connection to the speech server was closed.") from error
            if isinstance(error, OSError):
                raise EngineUnavailable(
                    f"{self.host} can't be reached ({error.strerror or error})."
                ) from error
            raise VoiceError(f"What {self.host} answers is no HTTP ({type(error).__name__}).") from error
        finally:
            with self.lock:
                self.open.discard(connection)
            connection.close()

    def connection(self) -> http.client.HTTPConnection:
        name, port = self.parts.hostname or "", self.parts.port
        made: http.client.HTTPConnection
        if self.parts.scheme == "https":
            made = http.client.HTTPSConnection(
                name, port, timeout=CONNECTING, context=ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(name, port, timeout=CONNECTING)
        with self.lock:
            if self.closed:
                raise EngineDied("The speech server was let go of.")
            self.open.add(made)
        return made

    def asked(self, connection: http.client.HTTPConnection, body: bytes) -> Answer:
        connection.connect()
        connection.sock.settimeout(ANSWERING)
        connection.request("POST", f"{self.parts.path}/audio/speech", body, self.headers())
        answer = connection.getresponse()
        if answer.status != 200:
            raise self.refusal(answer.status, answer.headers.get("Retry-After"), answer.read(20_000))
        data = self.all_of(answer)
        kind = answer.headers.get("Content-Type", "").lower()
        return Answer(data, kind, rate_in(kind, answer.headers.get("X-Sample-Rate")))

    def all_of(self, answer: http.client.HTTPResponse) -> bytes:
        data = bytearray()
        while part := answer.read(1 << 18):
            data += part
            if len(data) > LARGEST:
                raise LineRefused(f"{self.host} sends without end: more than {LARGEST:,} bytes for a line.")
        if answer.length:  # announced, and not there: `read` with a size doesn't mind
            raise CutShort(f"{self.host} broke off its answer, {answer.length:,} bytes before its end")
        return bytes(data)

    def refusal(self, status: int, retry_after: str | None, body: bytes) -> VoiceError:
        """What a status other than 200 means."""
        words = told(body)
        if status in AWAY:
            return EngineUnavailable(
                f"{self.host} can't speak now ({status}{words}).", seconds_of(retry_after)
            )
        if 300 <= status < 400:
            return VoiceError(
                f"{self.host} sends elsewhere ({status}); write the address it means as `base_url`."
            )
        if status in (401, 403):
            return VoiceError(
                f"{self.host} wants a key, or another one ({status}{words}); put it into the environment variable "
                f"{self.key_from}."
            )
        if status in REFUSED:
            return VoiceError(
                f"{self.base_url}/audio/speech isn't there, or has no such model ({status}{words}); see `base_url` "
                "(it usually ends in /v1) and `model`."
            )
        kind = ServerFault if status >= 500 else LineRefused
        return kind(f"{self.host} answered {status}{words}")

    def ended(self) -> EngineDied | None:
        return EngineDied("The connection to the speech server was closed.") if self.closed else None

    def close(self) -> None:
        """End every connection, from any thread: what waits for an answer raises EngineDied."""
        with self.lock:
            self.closed = True
            connections = list(self.open)
        for connection in connections:
            if connection.sock:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)


def told(body: bytes) -> str:
    """ ": " and what a server says of an error, on one line; nothing where it says nothing."""
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(text)
        while isinstance(found, dict):
            found = next((found[name] for name in ("error", "message", "detail") if found.get(name)), None)
        text = found if isinstance(found, str) else text
    if "<html" in text.lower():
        return ", with a web page"
    line = "".join(mark if mark.isprintable() else " " for mark in text)[:TOLD].strip()
    return f": {line}" if line else ""


def seconds_of(retry_after: str | None) -> float | None:
    """Retry-After: seconds, or a date."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        with contextlib.suppress(ValueError, TypeError):
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    return None


def rate_in(kind: str, header: str | None) -> int | None:
    """Hz, of `audio/pcm;rate=24000` or X-Sample-Rate."""
    for said in (kind.partition("rate=")[2].partition(";")[0], header or ""):
        if said.strip().isdecimal():
            return int(said)
    return None
