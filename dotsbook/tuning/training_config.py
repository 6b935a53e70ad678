"""What a training is told: `--config FILE`, as typed, frozen data, with the line of every mistake. It knows no models."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from dotsbook.errors import ManifestError
from dotsbook.manifest import Strict, explain
from dotsbook.yaml_file import load_yaml

RATES = {"lora": 1e-4, "qlora": 1e-4, "full": 1e-5, "meanflow": 1e-5}
SIZES = {"GB": 1e9, "MB": 1e6}


class TuneConfig(Strict):
    """Every key has a default but `base`."""

    # the model that is taught: a folder, or a name on the hub
    base: str | None = None
    # lora: small matrices beside the base's; qlora: the same, the language model packed; full: all weights; meanflow: the
    # base is a teacher, and its student's DiT is trained (`dotsbook tune distill`)
    method: Literal["lora", "qlora", "full", "meanflow"] = "lora"
    # qlora, of a base that isn't packed yet
    bits: Literal[4, 8] = 4
    # of the adapters: how much they can hold
    rank: int = Field(default=16, ge=1, le=1024)
    # how loud they are from the start: alpha / rank. None: as the rank
    alpha: float | None = Field(default=None, gt=0)
    # of what goes into an adapter
    dropout: float = Field(default=0.0, ge=0, lt=1)
    # rows' directions and lengths apart
    dora: bool = False
    # alpha / √rank: high ranks keep their weight
    rslora: bool = False
    # patterns of linear layers' names; none: the language model's and the DiT's
    layers: tuple[str, ...] = ()
    # patterns of layers trained whole beside the adapters
    whole: tuple[str, ...] = ("eos_proj",)
    # none: 1e-4 with adapters, 1e-5 in full
    learning_rate: float | None = Field(default=None, gt=0, le=1)
    steps: int = Field(default=500, ge=1)
    # steps in which the rate rises from 0
    warmup: int = Field(default=20, ge=0)
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    # batches a step
    accumulation: int = Field(default=1, ge=1, le=1024)
    # the longest the gradient may be; 0: as long as it is
    clip: float = Field(default=1.0, ge=0)
    weight_decay: float = Field(default=0.01, ge=0, lt=1)
    # seconds of sound in a batch, padding counted
    batch_seconds: float = Field(default=30.0, gt=0, le=3600)
    # the most it may take, `12 GB`; none: four fifths of the machine's
    memory: str | None = None
    # layers' insides computed twice instead of kept; auto: if it doesn't fit otherwise
    checkpointing: Literal["auto"] | bool = "auto"
    # steps between two validations
    validate_every: int = Field(default=50, ge=0)
    # steps between two states on disk
    save_every: int = Field(default=25, ge=1)
    # steps between two times of lines spoken; 0: never
    sample_every: int = Field(default=100, ge=0)
    # the lines; none: the first three that are held out
    samples: tuple[str, ...] = Field(default=(), max_length=8)
    # how many of the batches show text and sound woven into each other
    interleaved: float = Field(default=0.0, ge=0, le=1)
    # how often the text is left out, and the speaker
    text_dropout: float = Field(default=0.2, ge=0, lt=1)
    speaker_dropout: float = Field(default=0.2, ge=0, lt=1)
    # meanflow: how often the teacher is asked on its way, and how strong its guidance is
    teacher_steps: int = Field(default=8, ge=1, le=64)
    guidance: float = Field(default=1.2, ge=0, le=10)
    # how often the way is an instant
    anchors: float = Field(default=0.5, ge=0, le=1)
    seed: int = Field(default=42, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _agrees(self) -> "TuneConfig":
        if self.memory is not None and not self.memory_bytes:
            raise ValueError("memory must be written as `12 GB` or `800 MB`")
        return self

    @property
    def rate(self) -> float:
        return self.learning_rate or RATES[self.method]

    @property
    def memory_bytes(self) -> int | None:
        """None: not said."""
        found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(GB|MB)\s*", self.memory or "", re.IGNORECASE)
        return int(float(found[1]) * SIZES[found[2].upper()]) if found else None


def read_config(path: Path | None, **said: object) -> TuneConfig:
    """The file's words, with those said beside it put over them. ManifestError names file, line and the near miss."""
    data, lines = load_yaml(path) if path else ({}, {})
    if data is not None and not isinstance(data, dict):
        raise ManifestError(f"{path} must be a list of `key: value` lines, such as `rank: 16`.")
    try:
        return TuneConfig.model_validate((data or {}) | {k: v for k, v in said.items() if v is not None})
    except ValidationError as error:
        raise ManifestError(explain(error, path or Path("The options"), lines, model=TuneConfig)) from error


def smoke(config: TuneConfig) -> TuneConfig:
    """The same in a minute: does it fit, does it run, does it save?"""
    few = {"steps": 3, "warmup": 0, "validate_every": 3, "save_every": 2, "sample_every": 3}
    return config.model_copy(update=few | {"samples": config.samples[:1]})
