"""The studio on its socket, until it is told to stop. It knows no routes."""

import hashlib
import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import ManifestError, OutputError
from dotsbook.files import write_whole

FILE = "studio.json"  # in the project's state: what its cookies hold, so that pages outlive the server


@dataclass(frozen=True)
class StudioOptions:
    port: int = 0  # 0: any that is free
    lan: bool = False  # others on this network may come by a link of their own
    lan_writes: bool = False  # and may change things
    memory: float | None = None  # GiB that engines may use
    cluster: str | None = None  # whose workers render and check


@dataclass(frozen=True)
class StudioLinks:
    own: str  # with a token that works once
    lan: list[str]  # for others; none without `lan`


@contextmanager
def studio_running(project: Path, options: StudioOptions) -> Iterator[StudioLinks]:
    """The studio of a project (its manifest's path) on threads of its own; its addresses.

    Raises ManifestError where its extra isn't installed, OutputError if the port can't be had.
    """
    try:
        from dotsbook.serve.running import answered
        from dotsbook.studio.doorway import GUEST, OWN, Doorway, Keys
        from dotsbook.studio.live import Live
        from dotsbook.studio.studio_house import StudioHouse
        from dotsbook.studio.studio_routes import studio_application
    except ImportError as error:
        raise ManifestError(f"The studio needs {error.name}: pip install 'dotsbook[studio]'.") from error
    kept = kept_secrets(project.parent / ".dotsbook")
    token = secrets.token_urlsafe(24)
    name = "dotsbook-" + hashlib.sha256(str(project).encode()).hexdigest()[:8]
    keys = Keys(
        name,
        {OWN: kept["own"], GUEST: kept["guest"]},
        {token},
        kept["link"] if options.lan else None,
        options.lan_writes,
    )
    with (
        closing(StudioHouse(project, options.memory, options.cluster)) as house,
        closing(Live(house)) as live,
    ):
        app = Doorway(studio_application(house, live), keys, options.lan)
        with answered(app, "0.0.0.0" if options.lan else "127.0.0.1", options.port) as port:  # noqa: S104  asked for
            others = [f"http://{address}:{port}/?token={kept['link']}" for address in own_addresses()]
            yield StudioLinks(f"http://127.0.0.1:{port}/?token={token}", others if options.lan else [])
            live.close()


def kept_secrets(state: Path) -> dict[str, str]:
    """What the cookies hold and the link for others, made once for a project and readable to its owner alone."""
    path = state / FILE
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text("utf-8"))
        if all(len(str(found.get(name, ""))) >= 32 for name in ("own", "guest", "link")):
            return found
    made = {name: secrets.token_urlsafe(32) for name in ("own", "guest", "link")}
    try:
        state.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(0o600)  # its own permissions are kept when it is written
    except OSError as error:
        raise OutputError(f"{path} can't be written ({error}); allow writing in {state}.") from error
    write_whole(path, json.dumps(made).encode())
    return made


def own_addresses() -> list[str]:
    """The address by which other machines of this network reach this one, as far as it can be told."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(("192.0.2.1", 9))  # sends nothing: it only chooses a way out
        return [asked.getsockname()[0]]
    return []
