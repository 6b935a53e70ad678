"""Memory handed back to the system between two stages. It knows no stages.

glibc keeps what threads have freed, in arenas of their own, and the next stage's tables would come on top of it: 80 bytes a
packet while an M4B is written, 140 MB for ten hours.
"""

import ctypes
import sys


def hand_back() -> None:
    """Return freed memory to the system, where the C library doesn't by itself."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)       # other C libraries than glibc have none
        if trim:
            trim(0)
