"""What config.json and llm_config.json say, as frozen dataclasses. It knows bounds, no weights and no networks.

Every size is read and checked against bounds; unknown keys are ignored. A config that asks for something the networks here
don't compute is refused, with the field's name, before anything is allocated.
"""

import math
from dataclasses import dataclass

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.jsonfile import JsonFields

OWN_FORMAT = "dotsbook-1"


@dataclass(frozen=True)
class StackConfig:
    """One stack of transformer blocks: the patch encoder or the DiT."""

    num_layers: int
    num_heads: int
    hidden_size: int
    ffn_hidden_size: int
    qkv_bias: bool
    qk_norm: bool  # the DiT's; the patch encoder's config has it too, unused
    rotary_theta: float

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_heads


@dataclass(frozen=True)
class VocoderConfig:
    """The AudioVAE: encoder (downsample_*) and decoder (upsample_*)."""

    sample_rate: int  # Hz
    latent_dim: int
    upsample_rates: tuple[int, ...]
    upsample_kernel_sizes: tuple[int, ...]
    upsample_initial_channel: int
    resblock_kernel_sizes: tuple[int, ...]
    resblock_dilation_sizes: tuple[tuple[int, ...], ...]
    downsample_rates: tuple[int, ...]
    downsample_channels: tuple[int, ...]
    snake_logscale: bool
    mi_num_layers: int  # LSTM layers on each side
    use_bias_at_final: bool
    use_tanh_at_final: bool
    num_decoder_lookahead: int  # latent frames
    num_encoder_lookahead: int

    @property
    def hop(self) -> int:
        """Samples a latent frame."""
        return math.prod(self.downsample_rates)


@dataclass(frozen=True)
class SamplingConfig:
    """The settings that a fixed-step model was distilled for; it works with no others."""

    solver: str  # "flow_matching" or "scm"
    ode_method: str  # "euler"
    num_steps: int
    guidance_scale: float
    tau_mid: float  # radians, sCM only


@dataclass(frozen=True)
class StreamingConfig:
    """How text and sound take turns where text comes bit by bit."""

    lookahead: int = 1  # text tokens before the first patch
    warmup: int = 0  # patches after it with one token each
    steady: int = 0  # then so many patches with one token and a patch with two, over and over; 0: always one

    def quota(self, patch: int) -> int:
        """How many text tokens come before a patch; 0 is the first."""
        if patch == 0:
            return self.lookahead
        place = patch - 1 - self.warmup
        return 2 if self.steady and place >= 0 and place % (self.steady + 1) == self.steady else 1


@dataclass(frozen=True)
class ModelConfig:
    latent_dim: int
    patch_size: int  # latent frames a patch
    patch_encoder: StackConfig
    dit: StackConfig
    vocoder: VocoderConfig
    speaker_dim: int  # of the x-vector
    xvec_max_audio_seconds: float
    fm_sigma: float
    meanflow: bool
    use_duration_embedding: bool  # the DiT has a duration embedder
    sampling: SamplingConfig | None
    streaming: StreamingConfig | None = None  # of a model that takes text as it comes

    @property
    def solver(self) -> str:
        """ "scm", "meanflow" or "flow_matching": what takes noise to a patch."""
        if self.sampling is not None:
            return self.sampling.solver
        return "meanflow" if self.meanflow else "flow_matching"

    @property
    def patch_samples(self) -> int:
        return self.patch_size * self.vocoder.hop


def model_config(raw: dict, name: str = "config.json") -> ModelConfig:
    """Read config.json's object. ModelError names the field that is wrong."""
    fields = JsonFields(raw, name)
    fields.word("model_type", ("dots_tts",), "dots_tts")
    latent_dim = fields.size("latent_dim", 1, 4096)
    meanflow = fields.objects("meanflow")
    enabled = durations = False
    if meanflow is not None:
        enabled = meanflow.flag("enabled", False)
        durations = enabled and meanflow.flag("use_duration_embedding", True)
    vocoder = _vocoder(fields.object("vocoder"))
    if vocoder.latent_dim != latent_dim:
        raise ModelError(
            f"{name} gives the vocoder {vocoder.latent_dim} latent dimensions and the model {latent_dim}."
        )
    patch_size = fields.size("patch_size", 2, 64)
    if patch_size % 2:
        raise ModelError(f"{name} has an odd patch_size, {patch_size}: the patch encoder halves it.")
    return ModelConfig(
        latent_dim=latent_dim,
        patch_size=patch_size,
        patch_encoder=_stack(fields.object("PatchEncoder")),
        dit=_stack(fields.object("DiT")),
        vocoder=vocoder,
        speaker_dim=fields.size("campplus_embedding_size", 1, 8192, 512),
        xvec_max_audio_seconds=fields.number("xvec_max_audio_seconds", 0.1, 3600, 10.0),
        fm_sigma=fields.number("fm_sigma", 0, 1, 0.0),
        meanflow=enabled,
        use_duration_embedding=durations,
        sampling=_sampling(fields.objects("sampling")),
        streaming=_streaming(fields.objects("streaming")),
    )


def _stack(fields: JsonFields) -> StackConfig:
    fields.word("norm_layer", ("RMSNorm",), "RMSNorm")
    width = fields.size("hidden_size", 2, 32768)
    heads = fields.size("num_heads", 1, 1024)
    if width % heads or (width // heads) % 2:
        raise ModelError(
            f"{fields.where} has {heads} heads for {width} dimensions: each must get an even share."
        )
    return StackConfig(
        num_layers=fields.size("num_layers", 1, 512),
        num_heads=heads,
        hidden_size=width,
        ffn_hidden_size=fields.size("ffn_hidden_size", 1, 262144),
        qkv_bias=fields.flag("qkv_bias", False),
        qk_norm=fields.flag("qk_norm", False),
        rotary_theta=fields.number("rotary_theta", 1, 1e12, 10000.0),
    )


def _vocoder(fields: JsonFields) -> VocoderConfig:
    fields.word("resblock", ("1",), "1")
    fields.word("activation", ("snakebeta",), "snakebeta")
    for key in ("causal", "causal_encoder"):
        if not fields.flag(key, False):
            raise ModelError(f"{fields.where} says {key}: false; only causal vocoders are supported.")
    config = VocoderConfig(
        sample_rate=fields.size("sample_rate", 8000, 192000),
        latent_dim=fields.size("latent_dim", 1, 4096),
        upsample_rates=fields.sizes("upsample_rates", 1, 64),
        upsample_kernel_sizes=fields.sizes("upsample_kernel_sizes", 1, 256),
        upsample_initial_channel=fields.size("upsample_initial_channel", 1, 16384),
        resblock_kernel_sizes=fields.sizes("resblock_kernel_sizes", 1, 63),
        resblock_dilation_sizes=_dilations(fields),
        downsample_rates=fields.sizes("downsample_rates", 1, 64),
        downsample_channels=fields.sizes("downsample_channels", 1, 16384, most=17),
        snake_logscale=fields.flag("snake_logscale", True),
        mi_num_layers=fields.size("mi_num_layers", 1, 64, 4),
        use_bias_at_final=fields.flag("use_bias_at_final", True),
        use_tanh_at_final=fields.flag("use_tanh_at_final", True),
        num_decoder_lookahead=fields.size("num_decoder_lookahead", 0, 64, 2),
        num_encoder_lookahead=fields.size("num_encoder_lookahead", 0, 64, 2),
    )
    _agree(config, fields.where)
    return config


def _dilations(fields: JsonFields) -> tuple[tuple[int, ...], ...]:
    value = fields.raw.get("resblock_dilation_sizes")
    if not isinstance(value, list) or not 1 <= len(value) <= 16:
        raise ModelError(f"{fields.where} needs resblock_dilation_sizes, a list of lists of whole numbers.")
    rows = (
        JsonFields({str(i): row}, f"{fields.where}, resblock_dilation_sizes") for i, row in enumerate(value)
    )
    return tuple(row.sizes(str(i), 1, 256) for i, row in enumerate(rows))


def _agree(config: VocoderConfig, where: str) -> None:
    """ModelError unless the lists fit together: one entry a stage, the same total rate down and up."""
    kernels = zip(config.upsample_kernel_sizes, config.upsample_rates, strict=False)
    checks = (
        (
            len(config.upsample_rates) == len(config.upsample_kernel_sizes),
            "one upsample kernel for each rate",
        ),
        (
            len(config.resblock_kernel_sizes) == len(config.resblock_dilation_sizes),
            "dilations for each kernel",
        ),
        (
            len(config.downsample_channels) == len(config.downsample_rates) + 1,
            "one more encoder channel than rates",
        ),
        (math.prod(config.upsample_rates) == config.hop, "the same total rate up and down"),
        (config.hop <= 1 << 20, "at most 1,048,576 samples a latent frame"),
        (
            config.upsample_initial_channel >> len(config.upsample_rates) >= 1,
            "a channel left after the last stage",
        ),
        (all(k >= r for k, r in kernels), "kernels no shorter than their rates"),
    )
    for holds, wanted in checks:
        if not holds:
            raise ModelError(f"{where} contradicts itself: {wanted} is needed.")


def _sampling(fields: JsonFields | None) -> SamplingConfig | None:
    if fields is None:
        return None
    return SamplingConfig(
        solver=fields.word("solver", ("flow_matching", "meanflow", "scm")),
        ode_method=fields.word("ode_method", ("euler", "midpoint"), "euler"),
        num_steps=fields.size("num_steps", 1, 1000, 2),
        guidance_scale=fields.number("guidance_scale", 0, 100, 0.0),
        tau_mid=fields.number("tau_mid", 1e-3, math.pi / 2 - 1e-3, 1.3),
    )


def _streaming(fields: JsonFields | None) -> StreamingConfig | None:
    if fields is None:
        return None
    known = ("interleave_mode", "initial_lookahead", "ta_per_tta", "warmup_ta")
    if strange := sorted(fields.raw.keys() - set(known)):
        raise ModelError(f"{fields.where} has {strange[0]!r}; there are {', '.join(known)}.")
    mode = fields.word("interleave_mode", ("one_to_one", "buffered_ratio"), "one_to_one")
    lookahead = (
        3 if fields.raw.get("initial_lookahead") is None else fields.size("initial_lookahead", 1, 1000)
    )
    steady, warmup = fields.size("ta_per_tta", 1, 1000, 2), fields.size("warmup_ta", 0, 1000, 1)
    return StreamingConfig() if mode == "one_to_one" else StreamingConfig(lookahead, warmup, steady)


def llm_config(raw: dict, vocab_size: int, name: str = "llm_config.json") -> dict:
    """The backbone's sizes, as mlx-lm's qwen2 `ModelArgs.from_dict` takes them.

    `vocab_size`: the rows of the stored embedding. The reference sizes it by the tokenizer, and the file's number is wrong.
    """
    fields = JsonFields(raw, name)
    fields.word("model_type", ("qwen2",), "qwen2")
    width = fields.size("hidden_size", 2, 32768)
    heads = fields.size("num_attention_heads", 1, 1024)
    kv_heads = fields.size("num_key_value_heads", 1, 1024, heads)
    if width % heads or heads % kv_heads or (width // heads) % 2:
        raise ModelError(
            f"{name} has {heads} heads ({kv_heads} key-value) for {width} dimensions: they don't divide."
        )
    if raw.get("rope_scaling") is not None:
        raise ModelError(f"{name} asks for rope_scaling, which dots.tts doesn't use and is not supported.")
    rope = fields.objects("rope_parameters") or fields
    return {
        "model_type": "qwen2",
        "hidden_size": width,
        "num_hidden_layers": fields.size("num_hidden_layers", 1, 512),
        "intermediate_size": fields.size("intermediate_size", 1, 262144),
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "rms_norm_eps": fields.number("rms_norm_eps", 0, 1, 1e-6),
        "vocab_size": vocab_size,
        "rope_theta": rope.number("rope_theta", 1, 1e12, 10000.0),
        "max_position_embeddings": fields.size("max_position_embeddings", 1, 1 << 26, 32768),
        "tie_word_embeddings": True,
    }
