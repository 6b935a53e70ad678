"""An adapter baked into a model: one self-contained folder that needs neither, and says what it was made of."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError, SourceError
from dotsbook.files import sha256_of, unwritable

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint, Quantization
    from dotsbook.model.training.adapter_file import Adapter

DENSE = 16  # bits: not packed
STUDENT = "meanflow"  # the method by which a teacher's DiT became its student's


@dataclass(frozen=True)
class BakePlan:
    """What is baked into what."""

    adapter: Path
    model: str  # a folder or hub name
    out: Path | None = None  # the new folder; None: beside the adapter, named after both
    bits: int | None = None  # 4 or 8 pack the language model, 16 unpacks it; None: as it is
    strength: float = 1.0  # of the adapter
    dtype: str | None = None  # "float32" or "bfloat16", of what isn't packed; None: as stored

    @property
    def folder(self) -> Path:
        if self.out is not None:
            return self.out
        packed = f"-int{self.bits}" if self.bits in (4, 8) else ""
        model = self.model.rstrip("/").rpartition("/")[2].partition("@")[0]
        return self.adapter.with_name(f"{self.adapter.stem}-in-{model}{packed}")


@dataclass(frozen=True)
class BakedModel:
    """What was made."""

    about: dict  # as `dotsbook model info` says it
    remarks: tuple[str, ...]

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return self.about | {"remarks": list(self.remarks)}


def bake(plan: BakePlan) -> BakedModel:
    """Write a model whose weights have the adapter in them. Raises SourceError, ModelError where it doesn't fit, OutputError."""
    from dotsbook.model.startup import prepare_mlx

    prepare_mlx()
    from dotsbook.model.checkpoint.convert import untaken, write_model
    from dotsbook.model.checkpoint.fitness import info
    from dotsbook.model.checkpoint.layouts import REFERENCE
    from dotsbook.model.checkpoint.opening import check_dtype, local_folder, open_checkpoint
    from dotsbook.model.checkpoint.shards import in_one_file
    from dotsbook.model.training.adapter_file import read_adapter

    check_dtype(plan.dtype)
    if plan.bits not in (None, 4, 8, DENSE):
        raise ModelError(f"A language model has 4, 8 or {DENSE} bits, not {plan.bits}.")
    if not plan.adapter.is_file():
        raise SourceError(f"There is no adapter {plan.adapter}; `dotsbook tune train` makes one.")
    out, adapter = untaken(plan.folder), read_adapter(plan.adapter)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error
    with in_one_file(local_folder(plan.model), REFERENCE.core, out.parent) as folder:
        checkpoint = open_checkpoint(folder, dtype="float32" if plan.dtype else None)  # rounded once, at last
        core, packing = fused_core(checkpoint, adapter, plan)
        dtype = plan.dtype or (checkpoint.stored_dtype if checkpoint.quantization else None)
        told: dict = {"baked": history(checkpoint, adapter, plan)}
        if adapter.facts.method == STUDENT:
            told["meanflow"] = {"enabled": True, "use_duration_embedding": True}
        write_model(checkpoint, out, core, packing, dtype, told)
        return BakedModel(info(str(out)), tuple(remarks(checkpoint, adapter, packing)))


def fused_core(
    checkpoint: "Checkpoint", adapter: "Adapter", plan: BakePlan
) -> "tuple[dict, Quantization | None]":
    """The core's weights with the adapter in them, and how they are packed."""
    from dotsbook.model.checkpoint.opening import Quantization
    from dotsbook.model.checkpoint.quantize import GROUP, pack
    from dotsbook.model.network.loading import unpacked
    from dotsbook.model.training.fused_weights import fused_weights
    from dotsbook.model.training.student import duration_embedder

    core, packing, bits = checkpoint.weights("core"), checkpoint.quantization, plan.bits
    if adapter.facts.method == STUDENT:  # what a student has besides its teacher's
        core |= duration_embedder(checkpoint.config.dit.hidden_size)
    if bits is None or (packing and packing.bits == bits):
        return fused_weights(core, packing, adapter, plan.strength), packing
    plain = unpacked(core, packing) if packing else core
    fused = fused_weights(plain, None, adapter, plan.strength)
    if bits == DENSE:
        return fused, None
    components = packing.components if packing else ("llm",)
    return pack(fused, bits, components), Quantization(bits, GROUP, components)


def history(checkpoint: "Checkpoint", adapter: "Adapter", plan: BakePlan) -> list[dict]:
    """What the folder's config.json says of whose voice is in it and by whose leave: this adapter after those before it."""
    from dotsbook.model.checkpoint.fitness import baked

    this = {
        "adapter": sha256_of(plan.adapter),
        "strength": plan.strength,
        "into": checkpoint.identity,
    }
    return [*baked(checkpoint.folder), this | asdict(adapter.facts)]


def remarks(checkpoint: "Checkpoint", adapter: "Adapter", packing: "Quantization | None") -> Iterator[str]:
    if adapter.facts.base != checkpoint.identity:
        yield (
            "The adapter was trained on another model than this one. Its shapes fit, as those of a base and of its MeanFlow or "
            "soar child do; whether it speaks as well is to be heard."
        )
    if packing is not None:
        yield (
            f"Packed in {packing.bits} bits, a part of what was trained is rounded away; `--bits {DENSE}` keeps all of it, "
            "`dotsbook tune evaluate` and your ears say what is lost."
        )
