"""Writes very small dots.tts checkpoints with every part present: random weights, a working tokenizer, any layout.

    python -m tests.model.tiny FOLDER [fm|mf|mf1|scm] [reference|shraey|dotsbook]

The same arguments give the same checkpoint on every machine. What is spoken with such weights is noise, of sensible
loudness, that ends by itself after some seconds.
"""

import io
import json
import sys
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from tests.model.tiny_tensors import SPECIALS, Sizes, draw, draw_one


def write_tiny(folder: Path, *, kind: str = "fm", layout: str = "reference", seed: int = 1, **sizes) -> Path:
    """Write the checkpoint and return its folder. `sizes` are fields of `Sizes`."""
    folder, chosen = Path(folder), replace(Sizes(), **sizes)
    if layout == "dotsbook":
        return _converted(folder, kind, seed, chosen)
    folder.mkdir(parents=True, exist_ok=True)
    parts = draw(kind, seed, chosen)
    config, llm = configs(kind, chosen)
    stats = {
        "mean": draw_one("mean", (chosen.latent_dim,), "normal:0.3", seed),
        "var": draw_one("var", (chosen.latent_dim,), "positive:0.5", seed),
    }
    if layout == "reference":
        _reference(folder, parts, config, stats)
    else:
        _shraey(folder, parts, config, stats, chosen.bits)
    (folder / "llm_config.json").write_text(json.dumps(llm, indent=1))
    return folder


def _reference(folder: Path, parts: dict, config: dict, stats: dict) -> None:
    from safetensors.numpy import save_file

    for name, part in zip(("model", "vocoder", "speaker_encoder"), parts.values(), strict=True):
        save_file(part, folder / f"{name}.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "latent_stats.pt").write_bytes(torch_zip(stats))
    _tokenizer(folder)


def _shraey(folder: Path, parts: dict, config: dict, stats: dict, bits: int) -> None:
    """bfloat16 (counters too), weight norm folded, the LLM packed from float32; names and layouts stay torch's."""
    import mlx.core as mx

    for name, part in parts.items():
        arrays = {k: mx.array(v) for k, v in _folded(part).items()}
        packed = _packed(arrays, bits) if bits and name == "core" else arrays
        packed = {k: v if v.dtype == mx.uint32 else v.astype(mx.bfloat16) for k, v in packed.items()}
        mx.save_safetensors(str(folder / f"{name}.safetensors"), packed)
    if bits:
        config = config | {"quantization": {"bits": bits, "group_size": 64, "components": ["llm"]}}
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    np.savez(folder / "latent_stats.npz", **stats)
    (folder / "tokenizer").mkdir(exist_ok=True)
    _tokenizer(folder / "tokenizer")


def _converted(folder: Path, kind: str, seed: int, sizes: Sizes) -> Path:
    import tempfile

    from dotsbook.model.checkpoint.convert import convert

    with tempfile.TemporaryDirectory() as scratch:
        source = write_tiny(Path(scratch) / "reference", kind=kind, seed=seed, **asdict(sizes))
        return convert(source, folder, bits=sizes.bits or None)


def _folded(part: dict) -> dict:
    """Weight norm put into `weight`, in float64 and by itself, so that it can check the program's own folding."""
    plain = {k: v for k, v in part.items() if not k.endswith(("weight_g", "weight_v"))}
    for name in [k[:-2] for k in part if k.endswith("weight_g")]:
        v = part[f"{name}_v"].astype(np.float64)
        norm = np.sqrt((v**2).reshape(len(v), -1).sum(1)).reshape(part[f"{name}_g"].shape)
        plain[name] = (v * part[f"{name}_g"] / norm).astype(np.float32)
    return plain


def _packed(arrays: dict, bits: int) -> dict:
    """The matrices under `llm.` as packed weight, scales and biases, in groups of 64."""
    import mlx.core as mx

    packed = {}
    for name, value in arrays.items():
        if name.startswith("llm.") and value.ndim == 2:
            weight, scales, biases = mx.quantize(value, group_size=64, bits=bits)
            stem = name.removesuffix(".weight")
            packed |= {name: weight, f"{stem}.scales": scales, f"{stem}.biases": biases}
        else:
            packed[name] = value
    return packed


def configs(kind: str, sizes: Sizes) -> tuple[dict, dict]:
    """config.json and llm_config.json."""
    stack = {
        "modulation": False,
        "qkv_bias": False,
        "qk_norm": True,
        "norm_layer": "RMSNorm",
        "rotary_bias": True,
        "rotary_theta": 10000,
    }
    config = {
        "model_type": "dots_tts",
        "latent_dim": sizes.latent_dim,
        "patch_size": sizes.patch_size,
        "PatchEncoder": stack
        | {
            "num_layers": sizes.encoder_layers,
            "num_heads": sizes.encoder_heads,
            "causal": True,
            "hidden_size": sizes.encoder_hidden,
            "ffn_hidden_size": sizes.encoder_ffn,
            "input_dim": sizes.latent_dim,
        },
        "DiT": stack
        | {
            "num_layers": sizes.dit_layers,
            "num_heads": sizes.dit_heads,
            "hidden_size": sizes.dit_hidden,
            "ffn_hidden_size": sizes.dit_ffn,
            "modulation": True,
        },
        "vocoder": _vocoder_config(sizes),
        "fm_sigma": 0.0,
        "campplus_embedding_size": sizes.speaker_dim,
        "xvec_max_audio_seconds": 10.0,
    }
    if kind != "fm":
        config["meanflow"] = {"enabled": True, "use_duration_embedding": kind == "mf"}
    if kind in ("mf1", "scm"):
        config["sampling"] = {
            "solver": "scm" if kind == "scm" else "flow_matching",
            "ode_method": "euler",
            "num_steps": 2 if kind == "scm" else 1,
            "guidance_scale": 0.0,
            "tau_mid": sizes.tau_mid,
        }
    llm = {
        "model_type": "qwen2",
        "hidden_size": sizes.llm_hidden,
        "intermediate_size": sizes.llm_ffn,
        "num_hidden_layers": sizes.llm_layers,
        "num_attention_heads": sizes.llm_heads,
        "num_key_value_heads": sizes.llm_kv_heads,
        "rope_theta": 1e6,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "max_position_embeddings": 4096,
        "vocab_size": 256 + len(SPECIALS),
    }
    return config, llm


def _vocoder_config(sizes: Sizes) -> dict:
    up = sizes.down_rates[::-1]
    return {
        "sample_rate": sizes.sample_rate,
        "upsample_rates": up,
        "upsample_kernel_sizes": [2 * r for r in up],
        "upsample_initial_channel": sizes.up_channels,
        "resblock": "1",
        "resblock_kernel_sizes": sizes.resblock_kernels,
        "resblock_dilation_sizes": [list(sizes.resblock_dilations)] * len(sizes.resblock_kernels),
        "downsample_rates": sizes.down_rates,
        "downsample_channels": sizes.down_channels,
        "activation": "snakebeta",
        "snake_logscale": True,
        "latent_dim": sizes.latent_dim,
        "causal": True,
        "causal_encoder": True,
        "mi_num_layers": sizes.lstm_layers,
        "use_bias_at_final": sizes.final_bias,
        "use_tanh_at_final": sizes.final_tanh,
        "num_decoder_lookahead": sizes.lookahead,
        "num_encoder_lookahead": sizes.lookahead,
    }


def _tokenizer(folder: Path) -> None:
    """Byte-level BPE without merges: 256 symbols, then the special tokens."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    symbols = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={symbol: i for i, symbol in enumerate(symbols)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in SPECIALS])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"eos_token": SPECIALS[0], "pad_token": SPECIALS[0]})
    )


def torch_zip(tensors: dict[str, np.ndarray], root: str = "latent_stats") -> bytes:
    """float32 vectors as torch.save would write a dictionary of them, without torch."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:

        def put(name, data):
            archive.writestr(zipfile.ZipInfo(f"{root}/{name}"), data)

        put("data.pkl", torch_pickle(tensors))
        put("byteorder", b"little")
        for i, value in enumerate(tensors.values()):
            put(f"data/{i}", np.ascontiguousarray(value, "<f4").tobytes())
        put("version", b"3\n")
    return buffer.getvalue()


def torch_pickle(tensors: dict[str, np.ndarray]) -> bytes:
    """The pickle of that zip, opcode by opcode."""

    def word(text):
        return b"X" + len(text.encode()).to_bytes(4, "little") + text.encode()

    def number(n):
        return b"J" + n.to_bytes(4, "little")

    out = b"\x80\x02}("
    for i, (name, value) in enumerate(tensors.items()):
        size = number(value.size)
        out += word(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(("
        out += word("storage") + b"ctorch\nFloatStorage\n" + word(str(i)) + word("cpu") + size + b"tQ"
        out += number(0) + size + b"\x85" + number(1) + b"\x85\x89ccollections\nOrderedDict\n)RtR"
    return out + b"u."


if __name__ == "__main__":
    write_tiny(Path(sys.argv[1]), **dict(zip(("kind", "layout"), sys.argv[2:], strict=False)))
