"""One POST to a server that somebody named: no redirect is followed, and no answer is read beyond a bound.

What is sent and the key beside it go to the host that was named and to no other. It knows no services.
"""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from dotsbook.release import __version__


class NoAnswer(OSError):
    """The server can't be reached, broke off, or speaks no HTTP: a few words why."""


@dataclass(frozen=True)
class PostAnswer:
    status: int
    kind: str  # its content type, in lower case
    data: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], patience: float, largest: int) -> PostAnswer:
    """patience: seconds without a byte; largest: bytes of an answer. Raises NoAnswer."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection = connected_to(parts.scheme, parts.hostname or "", parts.port, patience)
        try:
            connection.request(
                "POST", path or "/", body, {"User-Agent": f"dotsbook/{__version__}", **headers}
            )
            answer = connection.getresponse()
            data = answer.read(largest + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error
    if len(data) > largest:
        raise NoAnswer(f"it sends more than {largest:,} bytes")
    return PostAnswer(answer.status, (answer.headers.get("Content-Type") or "").lower(), data)


def connected_to(scheme: str, host: str, port: int | None, patience: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=patience)
