"""The three layouts of folders that dots.tts weights come in. It knows file names, no networks.

reference   model, vocoder, speaker_encoder .safetensors; latent_stats.pt; tokenizer.json         torch's layouts
shraey      core, vocoder, speaker .safetensors; latent_stats.npz; tokenizer/; bfloat16 + 4/8-bit  torch's layouts
dotsbook    the same names as shraey; latent_stats.safetensors; tokenizer.json; hashes.json        MLX's layouts
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import OWN_FORMAT
from dotsbook.model.checkpoint.shards import is_sharded

if TYPE_CHECKING:
    import mlx.core as mx

COMPONENTS = ("core", "vocoder", "speaker")


@dataclass(frozen=True)
class Layout:
    """Which file holds what."""

    name: str
    core: str
    vocoder: str
    speaker: str
    stats: tuple[str, ...]  # the first that is there is read
    tokenizer: str
    sanitized: bool  # arrays already lie as MLX wants them

    def file(self, component: str) -> str:
        return {"core": self.core, "vocoder": self.vocoder, "speaker": self.speaker}[component]


REFERENCE = Layout(
    "reference",
    "model.safetensors",
    "vocoder.safetensors",
    "speaker_encoder.safetensors",
    ("latent_stats.pt", "latent_stats.npz"),
    "tokenizer.json",
    False,
)
SHRAEY = Layout(
    "shraey",
    "core.safetensors",
    "vocoder.safetensors",
    "speaker.safetensors",
    ("latent_stats.npz",),
    "tokenizer/tokenizer.json",
    False,
)
OWN = Layout(
    "dotsbook",
    "core.safetensors",
    "vocoder.safetensors",
    "speaker.safetensors",
    ("latent_stats.safetensors",),
    "tokenizer.json",
    True,
)

# The files of network/ whose `sanitize` makes a component's weights fit, each leaving alone what isn't its own.
NETWORKS = {
    "core": ("llm", "patch_encoder", "dit"),
    "vocoder": ("audiovae",),
    "speaker": ("speaker_encoder",),
}


def layout_of(folder: Path, config: dict) -> Layout:
    """The layout of `folder`, by the `format` in its config and the files it holds."""
    mark = config.get("format")
    if mark == OWN_FORMAT:
        return OWN
    if isinstance(mark, str) and mark.startswith("dotsbook-"):
        raise ModelError(
            f"{folder} was converted by another dotsbook ({mark[:40]}); this one reads {OWN_FORMAT}. Convert it again."
        )
    if (folder / SHRAEY.core).is_file():
        return SHRAEY
    if (folder / REFERENCE.core).is_file():
        return REFERENCE
    if is_sharded(folder / REFERENCE.core):
        raise ModelError(
            f"The weights in {folder} lie in several files; `dotsbook model convert {folder} OUT` makes them one."
        )
    raise ModelError(
        f"{folder} holds no dots.tts weights: neither {REFERENCE.core} nor {SHRAEY.core} is there."
    )


def is_whole(folder: Path) -> bool:
    """All the files of some layout are there. Their insides are not looked at."""
    return any(
        all(
            (folder / name).is_file() or (name == layout.core and is_sharded(folder / name))
            for name in (
                "config.json",
                "llm_config.json",
                layout.tokenizer,
                *(layout.file(c) for c in COMPONENTS),
            )
        )
        and any((folder / name).is_file() for name in layout.stats)
        for layout in (OWN, SHRAEY, REFERENCE)
    )


def sanitize(component: str, weights: "dict[str, mx.array]") -> "dict[str, mx.array]":
    """Torch's names and layouts to MLX's, by each network's own `sanitize`."""
    for network in NETWORKS[component]:
        weights = import_module(f"dotsbook.model.network.{network}").sanitize(weights)
    return weights
