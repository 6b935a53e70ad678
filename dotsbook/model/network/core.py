"""All that is in the checkpoint's core file, under its names: LLM, patch encoder, DiT and the layers between them."""

from collections.abc import Mapping
from types import MappingProxyType

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.checkpoint.opening import Checkpoint
from dotsbook.model.network import llm
from dotsbook.model.network.dit import DiT
from dotsbook.model.network.elementary import on_cpu, silu
from dotsbook.model.network.loading import load_strictly, unpacked
from dotsbook.model.network.patch_encoder import PatchEncoder


class Core(nn.Module):
    def __init__(self, config: ModelConfig, llm_sizes: dict):
        super().__init__()
        wide, size, latent = llm_sizes["hidden_size"], config.dit.hidden_size, config.latent_dim
        self.llm = llm.backbone(llm_sizes)
        self.patch_encoder = PatchEncoder(config, wide)
        self.hidden_proj = nn.Linear(wide, size)
        self.latent_proj = nn.Linear(latent, size)
        self.coordinate_proj = nn.Linear(latent, size)
        self.xvec_proj = [nn.Linear(config.speaker_dim, size), nn.LayerNorm(size)]
        self.velocity_field_predictor = DiT(config.dit, latent, config.use_duration_embedding)
        self.eos_proj = [nn.Linear(wide, wide), nn.SiLU(), nn.Linear(wide, 2)]

    @property
    def dtype(self) -> mx.Dtype:
        return self.hidden_proj.bias.dtype

    def fuse(self) -> None:
        """Lay projections of one input side by side, for decoding. The checkpoint's names of them are gone then."""
        llm.fuse(self.llm)
        for layer in (*self.patch_encoder.encoder.layers, *self.velocity_field_predictor.blocks):
            layer.attn.fuse()

    def embed(self, ids: mx.array) -> mx.array:
        """Token ids (B, L) → (B, L, LLM width)."""
        return self.llm.model.embed_tokens(ids)

    def condition(self, x_vector: mx.array) -> mx.array:
        """A scaled x-vector (B, speaker_dim) → g_cond (B, DiT width)."""
        linear, norm = self.xvec_proj
        return norm(linear(x_vector.astype(self.dtype)))

    def eos_logits(self, hidden: mx.array) -> mx.array:
        """(…, LLM width) → (…, 2): the speech goes on, it ends."""
        first, _, second = self.eos_proj
        return second(silu(first(hidden)))


def load_core(checkpoint: Checkpoint, added: Mapping[str, mx.array] = MappingProxyType({})) -> Core:
    """The checkpoint's core with its weights. Packed ones go into packed layers; on a CPU, slow with those, they are unpacked.

    added: by name, what the checkpoint's config asks for and its file doesn't have.
    """
    core = Core(checkpoint.config, checkpoint.llm_config)
    weights = checkpoint.weights("core") | dict(added)
    packing = checkpoint.quantization
    if packing is not None and on_cpu():
        weights = unpacked(weights, packing)
    elif packing is not None:
        nn.quantize(
            core,
            packing.group_size,
            packing.bits,
            class_predicate=lambda name, _: f"{name}.scales" in weights,
        )
    load_strictly(core, weights, f"The core of {checkpoint.folder}")
    return core
