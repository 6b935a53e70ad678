"""What a training tells of, one event after another; each is also a line of its log. It knows no models and prints nothing."""

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class ClipsRead:
    """Latents there are, made or from the cache."""

    done: int
    total: int


@dataclass(frozen=True)
class TrainingForecast:
    """What the training will take, before it begins."""

    method: str
    clips: int
    held_out: int
    trained: int  # numbers
    steps: int
    begun_at: int  # the step it goes on from
    patches: int  # that a batch may hold
    checkpointing: bool
    memory: int  # bytes at the fullest moment
    allowed: int  # bytes
    seconds: float  # of the steps to come


@dataclass(frozen=True)
class TuneRemark:
    text: str


@dataclass(frozen=True)
class Stepped:
    step: int  # 0, 1, …: losses before its update
    fm: float
    eos: float
    gradient: float  # its length before it was shortened
    rate: float
    seconds: float
    left: float  # seconds to the last step


@dataclass(frozen=True)
class Validated:
    step: int  # steps done
    fm: float
    eos: float
    best: bool


@dataclass(frozen=True)
class SavedAt:
    step: int


@dataclass(frozen=True)
class SamplesSpoken:
    step: int
    page: Path


@dataclass(frozen=True)
class TuningEnded:
    step: int
    whole: bool  # all steps were made
    adapter: Path | None  # the one to use: the best by its validation, or the last where nothing is held out
    folder: Path
    model: Path | None = None  # a student, as a model's folder


TrainingNews = (
    ClipsRead | TrainingForecast | TuneRemark | Stepped | Validated | SavedAt | SamplesSpoken | TuningEnded
)

BLOCKS = "▁▂▃▄▅▆▇█"
CURVE = 24  # characters
NAMES = {
    ClipsRead: "clips",
    TrainingForecast: "forecast",
    TuneRemark: "remark",
    Stepped: "step",
    Validated: "validation",
    SavedAt: "saved",
    SamplesSpoken: "samples",
    TuningEnded: "ended",
}


def record(event: TrainingNews) -> dict:
    """An event as other programs read it: docs/json.md."""
    said = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(event).items()}
    return {"event": NAMES[type(event)]} | said


def spark(losses: list[float], width: int = CURVE) -> str:
    """Losses as a row of blocks, each the mean of its part."""
    each = max(1, -(-len(losses) // width))
    means = [sum(losses[i : i + each]) / len(losses[i : i + each]) for i in range(0, len(losses), each)]
    least, most = min(means), max(means)
    return "".join(BLOCKS[round((one - least) / ((most - least) or 1) * (len(BLOCKS) - 1))] for one in means)
