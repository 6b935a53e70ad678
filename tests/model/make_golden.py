"""Makes the goldens of this folder from tiny checkpoints, in the format parity.py reads.

    python tests/model/make_golden.py

Only to be run when parity with the reference's own goldens has been shown: what it writes is what we compute.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

GOLDEN = Path(__file__).parent / "golden"
KINDS = ("fm", "mf", "mf1", "scm")
SMALL = {
    "down_rates": (4, 5, 6),
    "down_channels": (12, 6, 8, 10),
    "up_channels": 16,
    "lstm_layers": 1,
    "resblock_dilations": (1, 3, 5),
}
SIZES = {
    "fm": SMALL,
    "mf": SMALL
    | {"patch_size": 2, "dit_layers": 3, "llm_kv_heads": 1, "resblock_kernels": (3, 5, 7), "lookahead": 1},
    "mf1": SMALL | {"sample_rate": 16000, "final_bias": True, "final_tanh": True},
    "scm": SMALL | {"tau_mid": 0.9, "lookahead": 3},
}
SPOKEN = 6  # patches a line
ALIKE = ("resample", "fbank", "speaker", "e2e_colour")  # the same for every kind: one will do


def main() -> None:
    import tempfile

    import soundfile

    from dotsbook.model.dots import Dots
    from tests.model.tiny import write_tiny

    for kind in KINDS:
        folder = GOLDEN / kind
        folder.mkdir(parents=True, exist_ok=True)
        rate = 8000
        with tempfile.TemporaryDirectory() as scratch:
            dots = Dots.load(write_tiny(Path(scratch) / "model", kind=kind, **SIZES[kind]), dtype="float32")
            soundfile.write(folder / "reference.wav", hum(0.32, rate), rate, subtype="PCM_16")
            for name, arrays in (networks(dots) | lines(dots, folder)).items():
                if kind == "fm" or not name.startswith(ALIKE):
                    write(folder / f"{name}.safetensors", arrays)


def hum(seconds: float, rate: int) -> np.ndarray:
    """A sound to clone: three partials, swelling."""
    t = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * 130 * k * t) / k for k in (1, 2, 3))
    return (0.2 * tone * (0.7 + 0.3 * np.sin(2 * np.pi * 4 * t))).astype(np.float32)


def write(path: Path, arrays: dict) -> None:
    from safetensors.numpy import save_file

    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, path)


def networks(dots) -> dict:
    import mlx.core as mx

    from dotsbook.model.fbank import filterbanks
    from dotsbook.model.network.caches import KVCache
    from dotsbook.model.network.llm import hidden_states
    from dotsbook.model.resample import resample_prompt
    from dotsbook.model.stream import decode_latents

    chance, config = np.random.default_rng(3), dots.config

    def normal(*shape):
        return chance.standard_normal(shape).astype(np.float32)

    sound, latents = hum(0.25, 16000), normal(7, config.latent_dim)
    features, wave = (
        filterbanks(sound),
        np.pad(hum(0.05, dots.rate), (0, -round(0.05 * dots.rate) % config.vocoder.hop)),
    )
    patches, ids = normal(1, 3 * config.patch_size, config.latent_dim), chance.integers(0, 250, (1, 9))
    encoder, dit = dots.core.patch_encoder, dots.core.velocity_field_predictor
    hidden = hidden_states(
        dots.core.llm, dots.core.embed(mx.array(ids)), KVCache(len(dots.core.llm.model.layers))
    )
    tokens, g_cond = normal(2, 7, config.dit.hidden_size), normal(2, config.dit.hidden_size)
    t, duration, mask = normal(2) ** 2, normal(2) ** 2, np.tril(np.ones((7, 7), bool))
    positions = np.tile(np.arange(7, dtype=np.float32), (2, 1))
    arrays = [mx.array(a) for a in (tokens, t, duration, g_cond, mask, positions)]
    mods = dit.modulations(arrays[1], arrays[2], arrays[3])
    return {
        f"resample_16000_{dots.rate}": {
            "input": sound[:800],
            "output": resample_prompt(sound[:800], 16000, dots.rate),
        },
        "fbank": {"waveform_16k": sound, "fbank": features},
        "speaker": {
            "fbank": features,
            "embedding": np.array(dots.speaker(mx.array(features)[None], False)),
            "embedding_masked": np.array(dots.speaker(mx.array(features)[None], True)),
        },
        "audiovae": {
            "waveform": wave,
            "mean_logstd": np.array(dots.vae.encode(mx.array(wave)[None]).swapaxes(1, 2)),
            "latents": latents.T[None],
            "decoded": decode_latents(dots.vae, latents),
        },
        "patch_encoder": {
            "latents": patches,
            "embeddings": np.array(encoder(mx.array(patches), encoder.begin())),
        },
        "llm": {"ids": ids, "hidden": np.array(hidden), "eos_logits": np.array(dots.core.eos_logits(hidden))},
        "dit": {
            "x": tokens,
            "t": t,
            "duration": duration,
            "g_cond": g_cond,
            "mask": mask,
            "pos_ids": positions,
            "velocity": np.array(dit(arrays[0], mods, arrays[4], arrays[5])),
        },
    }


def lines(dots, folder: Path) -> dict:
    """Three lines end to end: continuing a reference, in its colour only, and without one."""
    import soundfile

    from dotsbook.model.dots import Utterance
    from dotsbook.model.enrolment import prepare
    from dotsbook.model.golden_stage import sampling_of
    from dotsbook.model.sampling import resolve
    from dotsbook.model.stream import decode_latents

    waveform, rate = soundfile.read(folder / "reference.wav", dtype="float32")
    found, settings = {}, {}
    for number, (name, transcript) in enumerate((("clone", "A hum."), ("colour", None), ("none", None))):
        frames = (
            -(-len(prepare(waveform, rate, dots.rate)) // dots.config.patch_samples) * dots.config.patch_size
        )
        room = SPOKEN + (frames // dots.config.patch_size - 1 if transcript else 0)
        case = {
            "text": "Say it once more.",
            "prompt_text": transcript,
            "language": "EN" if number else None,
            "reference": None if name == "none" else "reference.wav",
            "max_generate_length": room,
            "eos_threshold": 2.0,
        }
        chance = np.random.default_rng(number)
        sampling = resolve(sampling_of(case, dots.config, room), dots.config)
        draws = dots.solver(sampling).draws
        shape = (SPOKEN * draws, dots.config.patch_size, dots.config.latent_dim)
        arrays = {"patch_noise": chance.standard_normal(shape).astype(np.float32)}
        profile = None
        if case["reference"]:
            samples = prepare(waveform, rate, dots.rate)
            noise = chance.standard_normal((dots.config.latent_dim, frames)).astype(np.float32)
            profile = dots.enroll(waveform, rate, transcript, noise=noise)
            arrays |= {"prompt_noise": noise[None]}
            if name == "colour":
                arrays |= {"prompt_waveform": samples}
        line = replace(
            Utterance(case["text"], profile, case["language"], sampling), noise=arrays["patch_noise"]
        )
        row = dots.ready(0, line, sampling)
        latents = dots.denormalise(
            np.concatenate([patch for _, patch in follow(dots, [row], sampling)][int(row.continues) :])
        )
        ids = np.array([*row.ids, *[dots.tokens.span] * room])
        arrays |= {
            "schedule_ids": ids,
            "eos_probs": np.array(row.odds, np.float32),
            "latents": latents[None],
            "waveform": decode_latents(dots.vae, latents),
        }
        found[f"e2e_{name}"], settings[name] = arrays, case
    (folder / "e2e.json").write_text(json.dumps(settings, indent=1))
    return found


def follow(dots, rows, sampling):
    """(row, normalised patch) of all rows till the last is done."""
    decoding = dots.begin(rows, dots.solver(sampling))
    while decoding.rows:
        yield from ((step.row, step.patch) for step in decoding.step())


if __name__ == "__main__":
    main()
