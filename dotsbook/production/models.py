"""Model folders: those that are known to fit, fetching, converting, packing, proving."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import ModelError
from dotsbook.machine import user_cache
from dotsbook.production.fetching import Allow, announced
from dotsbook.wording import size

BENCH_SECONDS = 150.0


@dataclass(frozen=True)
class KnownModel:
    name: str  # on the hub
    about: str
    folder: Path | None  # where it lies on this machine, if it does


def known_models() -> list[KnownModel]:
    from dotsbook.model.checkpoint import hub

    return [KnownModel(name, about, hub.cached(hub.parse_hub_name(name))) for name, about in hub.KNOWN]


def pull(model: str, allow: Allow) -> Path:
    """Fetch a model from the hub and check its hashes; `allow` is asked first, and told size and licence. Raises
    ModelError."""
    from dotsbook.model.checkpoint import hub

    return hub.pull(model, announce=announced(allow))


def convert(
    source: str, out: Path, dtype: str | None = None, bits: int | None = None, patch_encoder: bool = False
) -> dict:
    """Write a model as one self-contained folder, its language model packed into 4 or 8 bits if asked; what it is now."""
    from dotsbook.model.checkpoint import hub
    from dotsbook.model.checkpoint.convert import convert
    from dotsbook.model.checkpoint.layouts import REFERENCE
    from dotsbook.model.checkpoint.shards import in_one_file

    folder = Path(source) if Path(source).is_dir() else hub.fetch(source)
    out.parent.mkdir(parents=True, exist_ok=True)
    with in_one_file(folder, REFERENCE.core, out.parent) as whole:
        return info(str(convert(whole, out, dtype=dtype, bits=bits, patch_encoder=patch_encoder)))


def pull_packed(model: str, bits: int, allow: Allow) -> Path:
    """Fetch a model, convert it and pack its language model into 4 or 8 bits: a folder of the user's cache, which is
    used as it is if it is there. Raises ModelError, OutputError."""
    out = user_cache() / "models" / f"{model.replace('/', '--').replace('@', '--')}-int{bits}"
    if not out.is_dir():
        folder = pull(model, allow)
        convert(str(folder), out, dtype="bfloat16", bits=bits)
    return out


def verify(model: str, speak: bool = True) -> dict:
    """Prove a model fit: hashes, numbers, tensors, a word spoken. Raises ModelError."""
    from dotsbook.model.checkpoint.fitness import verify

    return verify(model, speak=speak)


def info(model: str) -> dict:
    """What a model is: layout, solver, sizes, parameters, precision, licence."""
    from dotsbook.model.checkpoint.fitness import info

    return info(model)


def bench(
    model: str | None, random: bool = False, seconds: float = BENCH_SECONDS
) -> Iterator[tuple[str, dict[str, float | str]]]:
    """(stage, its figures by name) of a model on this machine, each as it is measured, in about `seconds`.

    The last stage is "line". Rendering with the model uses what is found best, and `plan` estimates by it.
    random: the released size with random weights instead of a model. Raises ModelError.
    """
    from dotsbook.model.bench.model_bench import bench
    from dotsbook.model.bench.random_model import RANDOM
    from dotsbook.render.calibration import Rate, note

    if (model is None) != random:
        raise ModelError(
            "Name the model to measure, or add --random to measure one of random weights; not both."
        )
    for stage, figures in bench(model or RANDOM, seconds):
        if stage == "line" and model:
            rate = Rate(float(figures["times real time"]), at=time.time())
            note(user_cache(), f"dots:{figures['model']}", rate)
        yield stage, figures


def described(about: dict) -> tuple[tuple[str, str], ...]:
    """What `info` says, for a person: (what, how it is) row by row."""
    sizes, fixed = about["sizes"], " (fixed)" if about["steps_fixed"] else ""
    return (
        ("model", about["model"]),
        ("folder", about["folder"]),
        ("identity", about["identity"]),
        ("layout", about["layout"]),
        ("solver", f"{about['solver'].replace('_', ' ')}, {about['steps']} steps a patch{fixed}"),
        ("sound", f"{sizes['sample_rate']:,} Hz, patches of {sizes['patch_seconds'] * 1000:.0f} ms"),
        (
            "networks",
            ", ".join(
                f"{name} {sizes[key][0]} × {sizes[key][1]}"
                for name, key in (("LLM", "llm"), ("patch encoder", "patch_encoder"), ("DiT", "dit"))
            ),
        ),
        ("parameters", f"{sum(about['parameters'].values()):,}"),
        ("precision", about["precision"] + packing(about)),
        ("on disk", size(about["bytes"])),
        ("licence", about["licence"]),
        *(("baked in", baked_in(one)) for one in about["baked"]),
    )


def baked_in(one: dict) -> str:
    """An adapter that is part of a model: whose voice, by whose leave."""
    licence = one.get("licence") or "no licence named"
    return f"adapter {str(one.get('adapter'))[:12]}, strength {one.get('strength')}, consent: {one.get('consent')}, {licence}"


def packing(about: dict) -> str:
    """ ", llm packed in 4 bits", or nothing."""
    packed = about["quantization"]
    return f", {' and '.join(packed['components'])} packed in {packed['bits']} bits" if packed else ""
