"""What a training goes on from, as one file that is whole or not there. It knows arrays and numbers, no data.

The file holds the trained weights, the optimiser's memory and, in its header, the place: step, batches used, and what the
training was told. Replacing it is the one commit point; a log may run ahead of it and is cut back to it.
"""

import errno
import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import mlx.core as mx

from dotsbook.errors import ModelError
from dotsbook.files import replacing
from dotsbook.model.checkpoint.tensors import read_header
from dotsbook.model.training.learner import Learner

FORMAT = "1"


@dataclass(frozen=True)
class TrainingPlace:
    """Where a training is."""

    step: int
    batches: int  # used so far
    told: str  # a hash of settings, data and base: another training's state is not gone on from
    best: float | None = None  # the lowest validation loss so far


def save_state(path: Path, learner: Learner, place: TrainingPlace) -> None:
    """OutputError if the disk refuses; the state before it then still stands."""
    header = {
        "dotsbook-training": FORMAT,
        "step": str(place.step),
        "batches": str(place.batches),
        "told": place.told,
        "best": json.dumps(place.best),
    }
    write_arrays(path, learner.arrays(), header)


def write_arrays(path: Path, arrays: dict[str, mx.array], header: dict[str, str]) -> None:
    """One safetensors file, whole or not there. OutputError if the disk refuses."""
    with replacing(path, ".safetensors") as temporary:
        try:
            mx.save_safetensors(str(temporary), arrays, metadata=header)
            read_header(temporary)  # as long as it says it is
        except (
            RuntimeError,
            ValueError,
            ModelError,
        ) as error:  # MLX knows no OSError for a disk that is full
            raise OSError(errno.ENOSPC, "it came out cut short, as on a full disk", str(path)) from error


def load_state(path: Path, learner: Learner, told: str) -> TrainingPlace | None:
    """Put the learner where the file says; None where there is no file. ModelError for another training's."""
    if not path.is_file():
        return None
    read_header(path)  # MLX checks nothing
    loaded = mx.load(str(path), format="safetensors", return_metadata=True)
    arrays, header = cast(tuple[dict[str, mx.array], dict[str, str]], loaded)
    if header.get("dotsbook-training") != FORMAT:
        raise ModelError(f"{path} is not a training's state that this version can go on from. Begin anew.")
    if header.get("told") != told:
        raise ModelError(
            f"{path} is of a training with other settings, other data or another model. Put them back to go on, or begin "
            "anew under another name (`--run`)."
        )
    place = TrainingPlace(int(header["step"]), int(header["batches"]), told, json.loads(header["best"]))
    learner.restore(arrays, place.step)
    return place
