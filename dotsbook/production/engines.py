"""The engines there are: which can speak here, what each can do, and how fast it is on this machine."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError
from dotsbook.machine import user_cache

if TYPE_CHECKING:
    from dotsbook.render.calibration import Rate
    from dotsbook.voices.spec import EngineSpec

LINES = (  # some four seconds each
    "The boat left the harbour before the sun was over the hill, and nobody on the quay looked up.",
    "She counted the steps to the lamp twice, since the first number had seemed too small.",
    "In the winter of that year the road was closed, and letters came by way of the northern pass.",
    "He put the ledger back on its shelf and wrote nothing in it for eleven days.",
    "There were two chairs in the room, a table with one short leg, and a window that would not shut.",
    "What the keeper said to the clerk that evening was never told to anyone in the village.",
)


@dataclass(frozen=True)
class EngineHere:
    """An engine, as it is on this machine."""

    name: str
    about: str
    lacks: str | None  # what must be installed first; None: nothing
    can: tuple[str, ...]  # of clone, preset, batch, design
    languages: tuple[str, ...] | None  # None: as its models have them
    rate: float | None  # seconds of sound a second, as last measured here


def engines_here(measure: bool = False) -> Iterator[EngineHere]:
    """Every engine there is; measure: each that can is heard for up to 20 seconds, and the figure is kept."""
    from dotsbook.render.calibration import known
    from dotsbook.voices.catalogue import engine_names, lacking, spec_of
    from dotsbook.voices.spec import CAN

    for name in engine_names():
        try:
            spec = spec_of(name)
        except DotsbookError as error:
            yield EngineHere(name, str(error), str(error), (), None, None)
            continue
        lacks = lacking(spec)
        rate = measured(spec) if measure and not lacks else known(user_cache(), name)
        yield EngineHere(
            name,
            spec.about,
            lacks,
            tuple(ability for ability in CAN if ability in spec.can),
            tuple(sorted(spec.languages)) if spec.languages else None,
            rate.rate if rate else None,
        )


def measured(spec: "EngineSpec") -> "Rate | None":
    """How fast an engine speaks English here, with what a new book would begin with; None if that isn't on this machine."""
    from dotsbook.render.calibration import calibrate, note
    from dotsbook.voices.catalogue import open_engine
    from dotsbook.voices.engine import Request, Voice
    from dotsbook.voices.spec import EngineChoice

    begun = dict(spec.begins_with("en"))
    options = begun.get("options") or {}
    assert isinstance(options, dict)
    own = {key: value for key, value in options.items() if key in spec.of_voice}
    model = str(begun["model"]) if begun.get("model") else None
    rest = {key: value for key, value in options.items() if key not in spec.of_voice}
    voice = Voice("narrator", language="en", settings={"tempo": 1.0} | own)
    try:
        with closing(open_engine(EngineChoice(spec.name, model, rest), user_cache() / "profiles")) as engine:
            engine.check(voice, ["en"])
            rate = calibrate(engine, [Request(line, voice, "en", seed) for seed in (1, 2) for line in LINES])
    except DotsbookError:
        return None
    if rate:
        note(user_cache(), spec.name, rate)
    return rate
