"""What this machine has and lacks for making books, with the line that mends it."""

import importlib
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from dotsbook.machine import memory_bytes

ROOM = 2 * 2**30  # bytes free for a book's takes: 10 hours of FLAC at 22 kHz are about 1.5 GB


@dataclass(frozen=True)
class MachineFinding:
    what: str
    state: str  # ok, missing, note
    found: str
    mend: str = ""


def findings() -> Iterator[MachineFinding]:
    yield MachineFinding(
        "Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    yield package("draft voice", "espeakng_loader", "espeakng-loader", "pip install espeakng-loader")
    yield package("audio files", "av", "av", "pip install av")
    yield package("sentences", "sentencex", "sentencex", "pip install sentencex")
    yield package(
        "language detection (only for `detect: true`)",
        "lingua",
        "lingua-language-detector",
        "pip install lingua-language-detector",
        "note",
    )
    yield from machine_learning()
    yield memory()
    yield disk()


def package(what: str, module: str, name: str, mend: str, lacking: str = "missing") -> MachineFinding:
    try:
        importlib.import_module(module)
        return MachineFinding(what, "ok", f"{name} {metadata.version(name)}")
    except (ImportError, OSError) as error:
        return MachineFinding(what, lacking, str(error), mend)


def machine_learning() -> Iterator[MachineFinding]:
    """MLX with the device it runs on, and on Linux the matrix library it needs to be quick."""
    from dotsbook.model.blas import prefer_openblas
    from dotsbook.model.device import device_name

    blas = prefer_openblas()
    found = package("MLX", "mlx.core", "mlx", "pip install mlx")
    if found.state != "ok":
        yield found
        return
    yield MachineFinding("MLX", "ok", f"{found.found} on {device_name()}")
    if sys.platform == "linux":
        if blas:
            yield MachineFinding("matrix library", "ok", blas)
        else:
            yield MachineFinding(
                "matrix library",
                "note",
                "OpenBLAS was not found; dots.tts on this processor is about 100 times slower without",
                "pip install scipy-openblas32, or apt install libopenblas0-pthread",
            )


def memory() -> MachineFinding:
    total = memory_bytes() / 2**30
    if total < 8:
        return MachineFinding(
            "memory",
            "note",
            f"{total:.0f} GiB; dots.tts at 4 bits wants 8",
            "use the draft voice, or a 4 bit model with --memory 3",
        )
    return MachineFinding("memory", "ok", f"{total:.0f} GiB")


def disk() -> MachineFinding:
    free = shutil.disk_usage(".").free
    if free < ROOM:
        return MachineFinding(
            "disk",
            "note",
            f"{free / 2**30:.1f} GiB free here; a long book needs about {ROOM / 2**30:.0f}",
            "free some room, or work on another disk",
        )
    return MachineFinding("disk", "ok", f"{free / 2**30:.0f} GiB free here")
