"""Where a cluster is: `tcp://host:8786`, `tls://host:8786`, or `local:4` for four processes here. It opens nothing."""

from dataclasses import dataclass
from importlib.util import find_spec

from dotsbook.errors import DotsbookError
from dotsbook.machine import is_this_machine

PORT = 8786  # dask's own, of a scheduler
MOST_LOCAL = 256  # processes


class ClusterError(DotsbookError):
    """A cluster's address, its scheduler, or what it lacks."""


@dataclass(frozen=True)
class ClusterAddress:
    text: str  # as dask takes it: tcp://host:port
    host: str = ""
    processes: int = 0  # of `local:N`; 0: a scheduler elsewhere

    @property
    def is_local(self) -> bool:
        return self.processes > 0

    @property
    def in_the_open(self) -> str:
        """A sentence where text, recordings and speech cross a network that anyone on it can read; "" where not."""
        if self.is_local or self.text.startswith("tls://") or is_this_machine(self.host):
            return ""
        return (
            f"{self.text} is plain TCP: whoever is on that network can read the book's text and voices, and run programs "
            "on the workers; use it where you trust everyone, else tls:// (docs/cluster.md)."
        )


def address_of(text: str) -> ClusterAddress:
    """A cluster by what stands after `--cluster`. ClusterError for what is none."""
    kind, _, rest = text.strip().partition(":")
    if kind == "local":
        if not rest.isdecimal() or not 1 <= int(rest) <= MOST_LOCAL:
            raise ClusterError(f"`{text}` is no cluster: write local:2 for two processes on this machine.")
        return ClusterAddress(text.strip(), processes=int(rest))
    host, _, port = rest.removeprefix("//").rpartition(":")
    if kind in ("tcp", "tls") and rest.startswith("//") and rest.count(":") == 0:
        host, port = rest.removeprefix("//"), str(PORT)
    if kind not in ("tcp", "tls") or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ClusterError(
            f"`{text}` is no cluster: write a scheduler's address such as tcp://studio.local:{PORT}, or local:2 for two "
            "processes on this machine."
        )
    return ClusterAddress(f"{kind}://{host}:{port}", host.strip("[]"))


def require_dask() -> None:
    """ClusterError where the extra isn't installed."""
    if find_spec("distributed") is None:
        raise ClusterError(
            'Rendering on a cluster needs dask: pip install "dotsbook[cluster]", on every machine of it.'
        )
