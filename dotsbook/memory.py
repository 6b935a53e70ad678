"""Memory in one heap, and handed back to the system between two stages. It knows no stages.

glibc gives every thread a heap of its own and keeps there what was freed, in pieces that the next buffers don't fit into:
what an M4B's tables take (80 bytes a packet, 140 MB for ten hours) would come on top of what was there before them, and
a model's buffers, no two lines of one length, would spread for hours. Other C libraries are left as they are.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ARENA_MAX = -8  # mallopt's M_ARENA_MAX


def share_heap() -> None:
    """Have threads begun from now on share the main thread's heap: what one frees, the others can use."""
    if mallopt := from_glibc("mallopt"):
        mallopt(ARENA_MAX, 1)


def hand_back() -> None:
    """Return freed memory to the system."""
    if trim := from_glibc("malloc_trim"):
        trim(0)


@contextmanager
def kept() -> Iterator[None]:
    """A stage that makes many objects, all of which stay: Python's collector would look each over again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def from_glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
