"""The server on its socket, until it is told to stop. It knows no routes."""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from dotsbook.errors import ManifestError, OutputError
from dotsbook.machine import is_this_machine
from dotsbook.production.production import Production

TOKEN = "DOTSBOOK_SERVE_TOKEN"  # environment variable
SHORTEST = 16  # characters of a token
CONNECTIONS = 256
ASGIApplication = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]
LEAVING = 5  # seconds that answers under way have when the server ends


def token_for(host: str) -> str | None:
    """What every request must bring, from the environment. ManifestError where others could reach it without."""
    token = os.environ.get(TOKEN, "").strip()
    if token and (len(token) < SHORTEST or not token.isascii()):
        raise ManifestError(
            f"{TOKEN} must have {SHORTEST} ASCII characters or more; `openssl rand -hex 24` makes one."
        )
    if not token and not is_this_machine(host):
        raise ManifestError(
            f"On {host} others could reach the server: put a token into the environment variable {TOKEN} "
            "(`openssl rand -hex 24` makes one), or leave --host out."
        )
    return token or None


@contextmanager
def serving(book: Production, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The server of a book's voices on threads of its own; its address as far as /v1. port 0: any that is free.

    Raises ManifestError without a token on a public address, OutputError if the address can't be had.
    """
    try:
        import uvicorn  # noqa: F401

        from dotsbook.serve.application import application
    except ImportError as error:
        raise ManifestError(f"The server needs {error.name}: pip install 'dotsbook[serve]'.") from error
    token = token_for(host)
    app = application(book.speaker(), token, is_this_machine(host))
    with answered(app, host, port) as taken:
        yield f"http://{f'[{host}]' if ':' in host else host}:{taken}/v1"


@contextmanager
def answered(app: ASGIApplication, host: str, port: int) -> Iterator[int]:
    """An application on its socket, on a thread of its own; the port it has. Raises OutputError if that can't be had."""
    import uvicorn

    from dotsbook.serve.http_connection import HttpConnection

    taken = listening_socket(host, port)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # above its words for malformed requests
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=HttpConnection,
            ws="none",
            loop="asyncio",
            lifespan="off",
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=LEAVING,
        )
    )
    thread = threading.Thread(target=server.run, args=([taken],), name="server", daemon=True)
    thread.start()
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(LEAVING + 5)
        with contextlib.suppress(OSError):
            taken.close()


def listening_socket(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(512)
    except (OSError, OverflowError, UnicodeError) as error:
        raise OutputError(
            f"The address {host}, port {port}, can't be had ({error}); name another."
        ) from error
    return taken
