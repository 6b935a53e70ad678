"""Opens a folder of dots.tts weights, in any layout, after checking what it holds. It knows no networks.

`open_checkpoint` reads and checks configs, headers and sizes at once, in milliseconds; `weights` maps a component's
arrays when a network asks for them. Nothing in the folder is trusted: whatever is wrong is a ModelError.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.files import sha256_of
from dotsbook.model.checkpoint import config as configs
from dotsbook.model.checkpoint import layouts
from dotsbook.model.checkpoint.jsonfile import MEGABYTE, JsonFields, read_object, shorten
from dotsbook.model.checkpoint.stats import latent_stats
from dotsbook.model.checkpoint.tensors import TensorEntry, read_header
from dotsbook.model.startup import prepare_mlx

if TYPE_CHECKING:
    import mlx.core as mx

    from dotsbook.model.checkpoint import hub

Announce = Callable[["hub.PullPlan"], bool]  # see hub.pull
TOKENIZER_LIMIT = 64 * MEGABYTE
# Floating types: what safetensors calls them, and what MLX does.
STORED = {
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
}
EMBEDDING = "llm.model.embed_tokens.weight"
SUFFIX = "-float32"  # of every identity
SAMPLE = 64  # bytes hashed at the start, middle and end of each tensor


@dataclass(frozen=True)
class Quantization:
    """How matrices are packed."""

    bits: int
    group_size: int
    components: tuple[str, ...]  # "llm", and on request "patch_encoder"


@dataclass(frozen=True)
class Checkpoint:
    """An opened folder. `stats` is (mean, var) of the latents, float32, (latent_dim,) each."""

    folder: Path
    layout: layouts.Layout
    identity: str  # of what is stored, on any machine, device and precision of computing
    config: configs.ModelConfig
    llm_config: dict  # for mlx-lm's qwen2 ModelArgs
    quantization: Quantization | None
    stats: tuple
    tokenizer_file: Path
    dtype: str | None  # what floating weights are cast to, None: as stored; no part of the identity
    headers: dict[str, dict[str, TensorEntry]] = field(repr=False)

    @property
    def stored_dtype(self) -> str:
        """The type most of the core's unpacked floating numbers are stored in."""
        counts = dict.fromkeys(STORED.values(), 0)
        for tensor in self.headers["core"].values():
            if tensor.dtype in STORED:
                counts[STORED[tensor.dtype]] += tensor.count
        return max(counts, key=lambda name: counts[name])

    def weights(self, component: str) -> "dict[str, mx.array]":
        """The MLX arrays of "core", "vocoder" or "speaker", named and laid out as the networks here want them."""
        prepare_mlx()
        import mlx.core as mx

        path = self.folder / self.layout.file(component)
        try:
            loaded = mx.load(str(path), format="safetensors")
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{path} can't be loaded: {error}. Fetch it again.") from error
        if not isinstance(loaded, dict):
            raise ModelError(f"{path} holds no named tensors. Fetch it again.")
        found = cast(loaded, self.dtype)
        return found if self.layout.sanitized else layouts.sanitize(component, found)


def cast(weights: "dict[str, mx.array]", dtype: str | None) -> "dict[str, mx.array]":
    """Floating weights as `dtype`; packed and integer ones, and with None all, as they are."""
    import mlx.core as mx

    check_dtype(dtype)
    if dtype is None:
        return weights
    wanted = getattr(mx, dtype)
    return {k: v.astype(wanted) if mx.issubdtype(v.dtype, mx.floating) else v for k, v in weights.items()}


def check_dtype(dtype: str | None) -> None:
    if dtype not in (None, "float32", "bfloat16"):
        raise ModelError(f"A model can be held as float32 or bfloat16, not as {dtype!r}.")


def open_checkpoint(
    source: str | Path, *, dtype: str | None = None, announce: Announce | None = None
) -> Checkpoint:
    """Open a local folder or a hub repo, `repo[/folder][@revision]`, and check all that can be checked without loading.

    dtype: "float32" or "bfloat16" to cast to, None for as stored. A hub repo that isn't in the cache is fetched if
    `announce` (see hub.pull) allows it, else refused. ModelError says what is missing or wrong.
    """
    check_dtype(dtype)
    try:
        return _open(local_folder(source, announce), dtype)
    except OSError as error:
        raise ModelError(f"{source} can't be read: {error.strerror or error}.") from error


def _open(folder: Path, dtype: str | None) -> Checkpoint:
    raw = read_object(folder / "config.json")
    layout = layouts.layout_of(folder, raw)
    config = configs.model_config(raw, str(folder / "config.json"))
    headers = {c: read_header(folder / layout.file(c)) for c in layouts.COMPONENTS}
    llm_file = folder / "llm_config.json"
    llm = configs.llm_config(read_object(llm_file), _vocabulary(headers["core"], folder), str(llm_file))
    tokenizer = folder / layout.tokenizer
    check_size(tokenizer, TOKENIZER_LIMIT)
    return Checkpoint(
        folder=folder,
        layout=layout,
        identity=identity(folder, layout, headers),
        config=config,
        llm_config=llm,
        quantization=quantization(raw, str(folder / "config.json")),
        stats=latent_stats(stats_path(folder, layout), config.latent_dim),
        tokenizer_file=tokenizer,
        dtype=dtype,
        headers=headers,
    )


def local_folder(source: str | Path, announce: Announce | None = None) -> Path:
    """The folder meant by a path or a hub name; the latter is found in the cache or, if `announce` allows, fetched."""
    folder = Path(os.path.expanduser(source))
    if folder.is_dir():
        return folder
    if isinstance(source, Path) or source.startswith((".", "/", "~")) or folder.exists():
        raise ModelError(
            f"There is no model folder at {folder}. Give a folder, or a hub name such as dots-studio/dots.tts-mf."
        )
    from dotsbook.model.checkpoint import hub

    return hub.fetch(source, announce)


def check_size(path: Path, limit: int) -> int:
    """The file's bytes; ModelError if it is missing, empty or longer than `limit`."""
    if not path.is_file():
        raise ModelError(f"{path} is missing: the folder is not a whole model. Fetch or convert it again.")
    size = path.stat().st_size
    if not 0 < size <= limit:
        raise ModelError(
            f"{path} has {size:,} bytes where 1 to {limit:,} are sensible: it is not what its name says."
        )
    return size


def _vocabulary(core: dict[str, TensorEntry], folder: Path) -> int:
    embedding = core.get(EMBEDDING)
    if embedding is None or len(embedding.shape) != 2 or not 1 <= embedding.shape[0] <= 1 << 21:
        raise ModelError(f"{folder} has no usable {EMBEDDING}: it is not a dots.tts model.")
    return embedding.shape[0]


def quantization(raw: dict, name: str = "config.json") -> Quantization | None:
    """What config.json says about packed weights."""
    fields = JsonFields(raw, name).objects("quantization")
    if fields is None:
        return None
    parts = fields.raw.get("components", ["llm"])
    if not isinstance(parts, list) or not parts or any(p not in ("llm", "patch_encoder") for p in parts):
        raise ModelError(
            f"{fields.where} names components {shorten(parts)}: only llm and patch_encoder can be quantised."
        )
    group = fields.size("group_size", 32, 128, 64)
    bits = fields.size("bits", 2, 8)
    if group not in (32, 64, 128) or bits not in (2, 3, 4, 5, 6, 8):
        raise ModelError(f"{fields.where} asks for {bits} bits in groups of {group}, which MLX can't unpack.")
    return Quantization(bits, group, tuple(parts))


def stats_path(folder: Path, layout: layouts.Layout) -> Path:
    return next((folder / n for n in layout.stats if (folder / n).is_file()), folder / layout.stats[0])


def identity(folder: Path, layout: layouts.Layout, headers: dict[str, dict[str, TensorEntry]]) -> str:
    """A short hash of what is stored: names, types, shapes and a sample of every tensor's bytes, both configs (and so
    the quantisation), latent statistics, tokenizer.

    Reads a few hundred kilobytes, not gigabytes. How the weights are run is no part of it (see device.run_facts). The
    suffix says nothing: it once named the precision of computing, and takes made on a CPU have this one in their keys.
    """
    digest = hashlib.sha256(b"dotsbook identity 1")
    small = (
        folder / "config.json",
        folder / "llm_config.json",
        folder / layout.tokenizer,
        stats_path(folder, layout),
    )
    for path in small:
        check_size(path, TOKENIZER_LIMIT)
        digest.update(sha256_of(path).encode())
    for component in layouts.COMPONENTS:
        sampled(folder / layout.file(component), headers[component], digest)
    return f"{digest.hexdigest()[:20]}{SUFFIX}"


def sampled(path: Path, entries: dict[str, TensorEntry], digest: "hashlib._Hash") -> None:
    """Put into `digest` a file's names, types, shapes and a sample of every tensor's bytes."""
    with open(path, "rb") as file:
        for name, tensor in sorted(entries.items()):
            digest.update(f"{name} {tensor.dtype} {tensor.shape}".encode())
            for at in (
                tensor.begin,
                (tensor.begin + tensor.end) // 2,
                max(tensor.begin, tensor.end - SAMPLE),
            ):
                file.seek(at)
                digest.update(file.read(min(SAMPLE, tensor.end - at)))
