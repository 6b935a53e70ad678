"""Keep a Mac awake while a render runs. It knows one program, caffeinate, and does nothing elsewhere."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def awake() -> Iterator[None]:
    """Hold off idle and disk sleep until the block ends, or this process dies (`-w`)."""
    helper = None
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):
            helper = subprocess.Popen(
                ["/usr/bin/caffeinate", "-i", "-m", "-w", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    try:
        yield
    finally:
        if helper:
            helper.terminate()
            helper.wait()
