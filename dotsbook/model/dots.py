"""dots.tts: a reference to a voice, a text to its sound. It knows the model's parts, no books.

`Dots.load` opens a checkpoint; `enroll` computes all of a voice that can be computed once; `speak`, `stream` and
`speak_batch` make sound. An utterance's samples depend on its text, profile, language, sampling and seed alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model import enrolment
from dotsbook.model.failures import EmptyLine, LineTooLong, NotFinite, NothingSpoken
from dotsbook.model.metal import kept_bytes, wired
from dotsbook.model.parts import Found, Part, joined_parts
from dotsbook.model.profile import Profile, check
from dotsbook.model.sampling import ResolvedSampling, SamplingOptions, resolve
from dotsbook.model.startup import prepare_mlx

if TYPE_CHECKING:  # MLX is imported by the methods that need it: OpenBLAS must be loaded before it
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.decoding import DecodedPatch, Decoding, DecodingRow
    from dotsbook.model.network.audiovae import AudioVAE
    from dotsbook.model.network.core import Core
    from dotsbook.model.network.speaker_encoder import SpeakerEncoder
    from dotsbook.model.prompt import PromptTokens
    from dotsbook.model.solvers import Solver

CONTEXT = 2048  # tokens the model was trained to see
FASTEST = 40  # characters a second no voice speaks: a text that would need more can't fit
TOGETHER = 16  # rows decoded side by side at most


@dataclass(frozen=True, eq=False)
class Utterance:
    """One thing to say. `profile` None: the model's own choice of voice."""

    text: str
    profile: Profile | None = None
    language: str | None = None  # BCP 47
    sampling: SamplingOptions = SamplingOptions()
    seed: int = 0
    # Standard normal (patches · draws, P, D) instead of the seed; it begins with the patch that isn't kept, if one isn't.
    noise: np.ndarray | None = None
    raw: bool = False  # keep the vocoder's onset transient


class Dots:
    """A loaded model. Sounds are float32, mono, in −1…1, at `rate` Hz."""

    def __init__(
        self,
        checkpoint: "Checkpoint",
        core: "Core",
        vae: "AudioVAE",
        speaker: "SpeakerEncoder",
        tokens: "PromptTokens",
    ):
        import mlx.core as mx

        from dotsbook.model.prefix import PrefixCache

        self.checkpoint, self.tokens = checkpoint, tokens
        self.core, self.vae, self.speaker = core, vae, speaker
        self.config, self.identity = checkpoint.config, checkpoint.identity
        self.rate = checkpoint.config.vocoder.sample_rate
        mean, var = checkpoint.stats
        self.latent_mean, self.latent_scale = mx.array(mean), mx.sqrt(mx.array(var))
        self._prefixes = PrefixCache()

    @classmethod
    def load(cls, source: str | Path, *, dtype: str | None = None, fused: bool = True) -> "Dots":
        """Open a folder or hub repo. dtype: "float32" or "bfloat16"; None: as stored on a GPU, float32 on a CPU.

        fused False: layers stay under the checkpoint's names, for adapters and training.
        """
        prepare_mlx()
        import mlx.core as mx

        from dotsbook.model.checkpoint.opening import open_checkpoint
        from dotsbook.model.network.audiovae import AudioVAE
        from dotsbook.model.network.core import load_core
        from dotsbook.model.network.elementary import on_cpu
        from dotsbook.model.network.loading import lay_out, load_float32
        from dotsbook.model.network.speaker_encoder import SpeakerEncoder
        from dotsbook.model.prompt import load_prompt_tokens

        mx.set_cache_limit(kept_bytes(on_gpu=not on_cpu()))
        checkpoint = open_checkpoint(source, dtype=dtype or ("float32" if on_cpu() else None))
        core = load_core(checkpoint)
        if fused:
            core.fuse()
        vae, speaker = AudioVAE(checkpoint.config.vocoder), SpeakerEncoder(checkpoint.config.speaker_dim)
        load_float32(vae, checkpoint, "vocoder")
        load_float32(speaker, checkpoint, "speaker")
        # Not the LLM's matrices: for its one token a row they are read fastest as they lie.
        lay_out(core.velocity_field_predictor)
        mx.eval(core.parameters(), vae.parameters(), speaker.parameters())
        return cls(checkpoint, core, vae, speaker, load_prompt_tokens(checkpoint.tokenizer_file))

    # ── a voice ──

    def enroll(
        self,
        waveform: np.ndarray,
        rate: int,
        transcript: str | None = None,
        language: str | None = None,
        *,
        seed: int = 0,
        noise: np.ndarray | None = None,
        speaker_scale: float = enrolment.SPEAKER_SCALE,
    ) -> Profile:
        """All of a reference that can be computed once.

        waveform: mono float32 (n,) at `rate` Hz. transcript: exactly what is spoken in it, or None to take the timbre
        of the voice only. noise (latent_dim, frames): what the latents are sampled with, instead of the seed.
        ReferenceTooShort under 0.3 s of voice; ModelError for samples that aren't finite.
        """
        samples = enrolment.prepare(waveform, rate, self.rate)
        seconds = len(samples) / self.rate
        samples = np.pad(samples, (0, -len(samples) % self.config.patch_samples))
        x_vector, g_cond = enrolment.speaker_vectors(
            self.core, self.speaker, self.config, samples, speaker_scale
        )
        profile = Profile(self.identity, x_vector, g_cond, speaker_scale, seconds, language=language)
        transcript = (transcript or "").strip()
        if not transcript:
            return profile
        latents = enrolment.prompt_latents(self.vae, self.config, samples, seed, noise)
        embeddings = enrolment.patch_embeddings(self.core, latents)
        return replace(profile, transcript=transcript, latents=latents, embeddings=embeddings)

    # ── sound ──

    def speak(
        self,
        text: str,
        profile: Profile | None = None,
        language: str | None = None,
        sampling: SamplingOptions = SamplingOptions(),
        seed: int = 0,
        noise: np.ndarray | None = None,
        raw: bool = False,
    ) -> np.ndarray:
        """One utterance → float32 samples (n,). Raises ModelError, most often one of failures.py's."""
        [(_, sound)] = self.speak_batch([Utterance(text, profile, language, sampling, seed, noise, raw)])
        if isinstance(sound, ModelError):
            raise sound
        return sound

    def speak_batch(self, utterances: Sequence[Utterance]) -> Iterator[tuple[int, Found]]:
        """Utterances of any text, length, voice and language → (index, samples or what went wrong), each as it is done."""
        for index, found in self._each(utterances, self.sounds):
            if not isinstance(found, ModelError):
                found = self._finished(found, utterances[index].raw)
            yield index, found

    def stream(
        self,
        text: str,
        profile: Profile | None = None,
        language: str | None = None,
        sampling: SamplingOptions = SamplingOptions(),
        seed: int = 0,
        noise: np.ndarray | None = None,
        raw: bool = False,
    ) -> Iterator[np.ndarray]:
        """One utterance, piece by piece as its samples are final; joined they are what `speak` gives, see `stream_batch`."""
        for _, sound, _ in self.stream_batch(
            [Utterance(text, profile, language, sampling, seed, noise, raw)]
        ):
            if isinstance(sound, ModelError):
                raise sound
            if len(sound):
                yield sound

    def stream_batch(self, utterances: Sequence[Utterance]) -> Iterator[Part]:
        """`speak_batch` while it goes on: (index, its next samples or what went wrong, whether nothing follows).

        A piece a patch; the first comes with the first patch in which the voice is heard, with the second at the latest. How
        loud it is in the whole line isn't known by then, so the cut may lie some 10 ms off `speak`'s; all samples after it are
        `speak`'s, to 1e-5.
        """
        from dotsbook.model.stream import Opening

        openings = [Opening(self.rate, self.config.patch_samples, one.raw) for one in utterances]
        for index, sound, last in self._parts(
            utterances, lambda rows: self.sounds(rows, self.config.patch_size)
        ):
            if not isinstance(sound, ModelError) and len(sound) and not np.isfinite(sound).all():
                sound = NotFinite("The vocoder's numbers broke. Try another seed.")
            yield index, sound if isinstance(sound, ModelError) else openings[index].after(sound, last), last

    def latents_batch(self, utterances: Sequence[Utterance]) -> Iterator[tuple[int, Found]]:
        """`speak_batch` before the vocoder: (index, denormalised latents float32 (frames, latent_dim) or the error)."""
        return self._each(utterances, self._patches)

    def peak_bytes(
        self,
        profiles: Profile | None | Sequence[Profile | None],
        lengths: Sequence[int],
        sampling: SamplingOptions = SamplingOptions(),
    ) -> int:
        """The most memory that utterances of `lengths` patches would take together, weights included.

        profiles: one for all, or one an utterance. Half a token of text a patch is assumed, which is brisk English.
        """
        from dotsbook.model.peak_memory import MemoryEstimator, RowSize

        each = [profiles] * len(lengths) if profiles is None or isinstance(profiles, Profile) else [*profiles]
        voices = {
            profile: RowSize(
                text=len(self.tokens.prefix(profile.transcript, "en")) if profile else 0,
                prompted=profile.patches if profile else 0,
                patches=0,
            )
            for profile in each
        }
        rows = [
            RowSize(voices[profile].text + 16 + length // 2, voices[profile].prompted, length)
            for profile, length in zip(each, lengths, strict=True)
        ]
        estimator = MemoryEstimator(
            self.config,
            self.checkpoint.llm_config,
            self.solver(sampling),
            self.weight_bytes,
            self.core.dtype.size,
        )
        return estimator.peak(rows, list(voices.values()))

    @property
    def weight_bytes(self) -> int:
        from mlx.utils import tree_flatten

        networks = (self.core, self.vae, self.speaker)
        return sum(
            array.nbytes
            for network in networks
            for array in dict(tree_flatten(network.parameters())).values()
        )

    # ── rows of a decoding ──

    def row(self, index: int, utterance: Utterance) -> "DecodingRow":
        """An utterance made ready for decoding: its tokens, its voice's prefix, its room in patches.

        Raises EmptyLine, LineTooLong, WrongProfile, FixedSampling.
        """
        text = utterance.text.strip()
        if not any(c.isalnum() for c in text):
            raise EmptyLine(f"There is nothing to say in {utterance.text[:40]!r}.")
        sampling = resolve(utterance.sampling, self.config)
        prompted = 0 if utterance.profile is None else utterance.profile.patches
        seconds = max(0.0, (sampling.max_patches - prompted) * self.config.patch_samples / self.rate)
        if len(text) > seconds * FASTEST:
            raise LineTooLong(
                f"The line has {len(text)} characters, more than {seconds:.0f} s of speech can hold. Split it."
            )
        return self.ready(index, utterance, sampling)

    def ready(self, index: int, utterance: Utterance, sampling: ResolvedSampling) -> "DecodingRow":
        """`row` without the checks on the text's length."""
        from dotsbook.model.decoding import DecodingRow
        from dotsbook.model.prefix import make_prefix

        profile = utterance.profile
        if profile is not None:
            check(profile, self.identity, self.config, self.core.hidden_proj.weight.shape[1])
        transcript = None if profile is None else profile.transcript
        prompted = 0 if profile is None else profile.patches
        ids = self.tokens.ids(utterance.text.strip(), transcript, utterance.language)
        context = min(CONTEXT, self.checkpoint.llm_config["max_position_embeddings"])
        room = min(sampling.max_patches, context - len(ids)) - prompted
        if room < 1:
            raise LineTooLong(
                f"The line's {len(ids)} tokens and the voice's {prompted} patches leave no room to speak. "
                "Split it, or shorten the reference."
            )
        common, solver = self.tokens.prefix(transcript, utterance.language), self.solver(sampling)
        # The key holds the profile, not its id, which is given to the next object when the profile is gone.
        prefix = self._prefixes.get(
            (profile, tuple(common), solver),
            lambda: make_prefix(
                self.core,
                self.latent_mean,
                self.latent_scale,
                self.config.patch_size,
                profile,
                common,
                solver,
            ),
        )
        return DecodingRow(
            index,
            ids,
            prefix,
            room,
            sampling.eos_threshold,
            continues=profile is not None and profile.embeddings is not None,
            seed=utterance.seed,
            noise=utterance.noise,
        )

    def solver(self, sampling: SamplingOptions) -> "Solver":
        """What `sampling` decodes with; rows of equal solvers can be decoded together."""
        from dotsbook.model.solvers import solver_for

        return solver_for(self.config, resolve(sampling, self.config))

    def begin(self, rows: "list[DecodingRow]", solver: "Solver", ahead: bool | None = None) -> "Decoding":
        """Rows read into the caches, ready for their first patch; `ahead` as in `Decoding`."""
        from dotsbook.model.decoding import Decoding

        return Decoding(self.core, self.latent_mean, self.latent_scale, solver, rows, ahead)

    def denormalise(self, latents: np.ndarray) -> np.ndarray:
        mean, var = self.checkpoint.stats
        return latents * np.sqrt(var) + mean

    # ── decodings to sound or latents ──

    def _each(
        self, utterances: Sequence[Utterance], parts_of: "Callable[[Decoding], Iterator[Part]]"
    ) -> Iterator[tuple[int, Found]]:
        """(index, its parts joined, or what went wrong) of each utterance as it is done."""
        return joined_parts(self._parts(utterances, parts_of))

    def _parts(
        self, utterances: Sequence[Utterance], parts_of: "Callable[[Decoding], Iterator[Part]]"
    ) -> Iterator[Part]:
        """The parts of each utterance, those of like sampling decoded together."""
        import mlx.core as mx

        groups: dict[Solver, list[DecodingRow]] = {}
        for index, utterance in enumerate(utterances):
            try:
                row = self.row(index, utterance)
                groups.setdefault(self.solver(utterance.sampling), []).append(row)
            except ModelError as error:
                yield index, error, True
        with wired():
            for solver, rows in groups.items():
                for at in range(0, len(rows), TOGETHER):
                    yield from parts_of(self.begin(rows[at : at + TOGETHER], solver))
                    mx.clear_cache()

    def sounds(self, decoding: "Decoding", frames: int | None = None) -> Iterator[Part]:
        """Each row's samples as they are final. `frames`: as in `StreamingVocoder`."""
        from dotsbook.model.stream import StreamingVocoder

        vocoder = StreamingVocoder(self.vae, [row.index for row in decoding.rows], frames)
        for step in self._steps(decoding):
            for index, patch, last in step:
                if isinstance(patch, ModelError):
                    vocoder.drop([index])
                    yield index, patch, True
                else:
                    vocoder.add(index, patch, last)
            yield from vocoder.decode_ready()

    def _patches(self, decoding: "Decoding") -> Iterator[Part]:
        """Each row's kept patches (P, latent_dim), denormalised."""
        for step in self._steps(decoding):
            yield from step

    def _steps(self, decoding: "Decoding") -> Iterator[list[Part]]:
        """What each step of the decoding gives of its rows."""
        while decoding.rows:
            yield [
                (decoded.row.index, self._patch(decoded), decoded.last)
                for decoded in decoding.step()
                if decoded.last or decoded.kept
            ]

    def _patch(self, decoded: "DecodedPatch") -> Found:
        if decoded.patch is None:
            at = decoded.row.decoded
            return NotFinite(f"The model's numbers broke at patch {at}. Try another seed, or float32.")
        if not decoded.kept:
            return NothingSpoken(
                "The model ended the line before it said anything. Try another seed or text."
            )
        return self.denormalise(decoded.patch)

    def _finished(self, sound: np.ndarray, raw: bool) -> Found:
        from dotsbook.model.onset import trim_onset

        if not np.isfinite(sound).all():
            return NotFinite("The vocoder's numbers broke. Try another seed.")
        return sound if raw else trim_onset(sound, self.rate)
