"""dots.tts: a reference to a voice, a text to its sound. It knows the model's parts, no books.

`Dots.load` opens a checkpoint; `enroll` computes all of a voice that can be computed once; `speak`, `stream` and
`speak_batch` decode lines. A line's numbers depend on its text, profile, language, sampling and seed alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dotsbook.errors import ModelError
from dotsbook.model.blas import prefer_openblas
from dotsbook.model.failures import EmptyLine, LineTooLong, NotFinite, NothingSpoken, ReferenceTooShort
from dotsbook.model.profile import Profile, check
from dotsbook.model.sampling import SamplingOptions, resolve

SHORTEST = 0.3  # seconds of reference, silence trimmed
SPEAKER_SCALE = 1.5
CONTEXT = 2048  # tokens the model was trained to see
FASTEST = 40  # characters a second no voice speaks: a text that would need more can't fit
CACHE_LIMIT = 1 << 30  # bytes of freed buffers MLX may keep
TOGETHER = 16  # rows decoded side by side at most


@dataclass(frozen=True, eq=False)
class Utterance:
    """One thing to say. `profile` None: the model's own choice of voice."""

    text: str
    profile: Profile | None = None
    language: str | None = None  # BCP 47
    sampling: SamplingOptions = SamplingOptions()
    seed: int = 0
    noise: np.ndarray | None = (
        None  # (patches · draws, P, D) standard normal, instead of the seed; the thrown-away patch first
    )
    raw: bool = False  # keep the vocoder's onset transient


class Dots:
    """A loaded model. Sounds are float32, mono, in −1…1, at `rate` Hz."""

    def __init__(self, checkpoint, core, vae, speaker, tokens):
        import mlx.core as mx

        from dotsbook.model.prefix import PrefixCache

        self.checkpoint, self.core, self.vae, self.speaker, self.tokens = (
            checkpoint,
            core,
            vae,
            speaker,
            tokens,
        )
        self.config, self.identity, self.rate = (
            checkpoint.config,
            checkpoint.identity,
            checkpoint.config.vocoder.sample_rate,
        )
        mean, var = checkpoint.stats
        self._mean, self._scale = mx.array(mean), mx.sqrt(mx.array(var))
        self._prefixes = PrefixCache()

    @classmethod
    def load(cls, source, *, dtype: str | None = None) -> "Dots":
        """Open a folder or hub repo. dtype: "float32" or "bfloat16"; None: as stored on a GPU, float32 on a CPU."""
        prefer_openblas()
        import mlx.core as mx

        from dotsbook.model.checkpoint.opening import open_checkpoint
        from dotsbook.model.network.audiovae import AudioVAE
        from dotsbook.model.network.core import load_core
        from dotsbook.model.network.elementary import on_cpu
        from dotsbook.model.network.loading import lay_out_for_cpu, load_strictly
        from dotsbook.model.network.speaker_encoder import SpeakerEncoder
        from dotsbook.model.prompt import load_prompt_tokens

        mx.set_cache_limit(CACHE_LIMIT)
        checkpoint = open_checkpoint(source, dtype=dtype or ("float32" if on_cpu() else None))
        core = load_core(checkpoint)
        vae, speaker = AudioVAE(checkpoint.config.vocoder), SpeakerEncoder(checkpoint.config.speaker_dim)
        for network, part in (
            (vae, "vocoder"),
            (speaker, "speaker"),
        ):  # always float32: they are small, and they are heard
            weights = {k: v.astype(mx.float32) for k, v in checkpoint.weights(part).items()}
            load_strictly(network, weights, f"The {part} of {checkpoint.folder}")
        for network in (
            core.velocity_field_predictor,
            vae,
            speaker,
        ):  # not the LLM: its few rows are read as they lie
            lay_out_for_cpu(network)
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
        speaker_scale: float = SPEAKER_SCALE,
    ) -> Profile:
        """All of a reference that can be computed once.

        waveform: mono float32 (n,) at `rate` Hz. transcript: exactly what is spoken in it, or None to take the colour
        of the voice only. noise (latent_dim, frames): what the latents are sampled with, instead of the seed.
        ReferenceTooShort under 0.3 s of voice; ModelError for samples that aren't finite.
        """
        samples = self.prepare(waveform, rate)
        seconds = len(samples) / self.rate
        samples = np.pad(samples, (0, -len(samples) % self.config.patch_samples))
        x_vector, g_cond = self._colour(samples, speaker_scale)
        profile = Profile(self.identity, x_vector, g_cond, speaker_scale, seconds, language=language)
        if not (transcript or "").strip():
            return profile
        latents = self._latents(samples, seed, noise)
        return replace(
            profile, transcript=transcript.strip(), latents=latents, embeddings=self._embeddings(latents)
        )

    def prepare(self, waveform: np.ndarray, rate: int) -> np.ndarray:
        """A reference as the model takes it: silence trimmed, at the model's rate."""
        from dotsbook.model.resample import resample_prompt, trim_silence

        samples = np.asarray(waveform, np.float32)
        if samples.ndim != 1 or rate <= 0:
            raise ModelError(
                f"A reference is one channel of samples at a rate above 0, not {samples.shape} at {rate}."
            )
        if not np.isfinite(samples).all():
            raise ModelError("The reference holds samples that are not numbers. Export it again.")
        samples = trim_silence(samples)
        if len(samples) < SHORTEST * rate:
            raise ReferenceTooShort(
                f"The reference has {len(samples) / rate:.2f} s of voice; at least {SHORTEST} s are needed, and 5 "
                "to 15 are good."
            )
        return resample_prompt(samples, rate, self.rate)

    def _colour(self, samples: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
        """x-vector (speaker_dim,) and g_cond (DiT width,)."""
        import mlx.core as mx

        from dotsbook.model.fbank import filterbanks
        from dotsbook.model.resample import resample_speaker

        first = samples[: round(self.rate * self.config.xvec_max_audio_seconds)]
        x_vector = self.speaker(mx.array(filterbanks(resample_speaker(first, self.rate)))[None])
        g_cond = self.core.condition(x_vector * scale)
        return np.array(x_vector[0]), np.array(g_cond[0].astype(mx.float32))

    def _latents(self, samples: np.ndarray, seed: int, noise: np.ndarray | None) -> np.ndarray:
        """(frames, latent_dim), denormalised, without the last patch."""
        import mlx.core as mx

        from dotsbook.model.noise import draw

        both = self.vae.encode(mx.array(samples)[None])[0]  # (frames, 2D)
        mean, spread = mx.split(both, 2, axis=-1)
        chance = draw(seed, -1, mean.shape) if noise is None else mx.array(np.asarray(noise, np.float32).T)
        if chance.shape != mean.shape:
            raise ModelError(
                f"The reference's noise is {chance.shape[::-1]} where {mean.shape[::-1]} is needed."
            )
        latents = np.array(mean + chance * mx.exp(spread))[: -self.config.patch_size]
        mx.clear_cache()
        return latents

    def _embeddings(self, latents: np.ndarray) -> np.ndarray:
        import mlx.core as mx

        encoder = self.core.patch_encoder
        width = self.core.hidden_proj.weight.shape[1]
        if not len(latents):
            return np.zeros((0, width), np.float32)
        return np.array(encoder(mx.array(latents)[None], encoder.begin())[0].astype(mx.float32))

    # ── lines ──

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
        """One line → float32 samples (n,). Raises ModelError, most often one of failures.py's."""
        [(_, sound)] = self.speak_batch([Utterance(text, profile, language, sampling, seed, noise, raw)])
        if isinstance(sound, ModelError):
            raise sound
        return sound

    def speak_batch(self, lines: Sequence[Utterance]) -> Iterator[tuple[int, np.ndarray | ModelError]]:
        """Lines of any text, length, voice and language → (index, samples or what went wrong), each as it is done."""
        for index, found in self._each(lines, self._sounds):
            yield index, found if isinstance(found, ModelError) else self._finished(found, lines[index].raw)

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
        """One line, its samples as they are settled: `speak` in pieces.

        With the onset trimmed, the first half second comes at once.
        """
        from dotsbook.model.stream import trim_opening

        row = self.row(0, Utterance(text, profile, language, sampling, seed, noise))
        pieces = self._pieces(row, self.solver(sampling))
        yield from pieces if raw else trim_opening(pieces, self.rate)

    def latents_batch(self, lines: Sequence[Utterance]) -> Iterator[tuple[int, np.ndarray | ModelError]]:
        """`speak_batch` before the vocoder: (index, denormalised latents float32 (frames, latent_dim) or the error)."""
        return self._each(lines, self._patches)

    def peak_bytes(
        self,
        profiles: Profile | None | Sequence[Profile | None],
        lengths: Sequence[int],
        sampling: SamplingOptions = SamplingOptions(),
    ) -> int:
        """The most memory that lines of `lengths` patches (160 ms each) would take together, weights included.

        profiles: one for all, or one a line. Half a token of text a patch is assumed, which is brisk English.
        """
        from dotsbook.model.peak_memory import MemoryEstimator, RowSize

        several = list(profiles) if isinstance(profiles, (list, tuple)) else [profiles] * len(lengths)
        solver = self.solver(sampling)
        texts = {id(p): len(self.tokens.prefix(p.transcript, "en")) if p is not None else 0 for p in several}
        voices = {id(p): RowSize(texts[id(p)], 0 if p is None else p.patches, 0) for p in several}
        rows = [
            RowSize(voices[id(p)].text + 16 + n // 2, voices[id(p)].prompted, n)
            for p, n in zip(several, lengths, strict=False)
        ]
        estimator = MemoryEstimator(
            self.config, self.checkpoint.llm_config, solver, self.weight_bytes, self.core.dtype.size
        )
        return estimator.peak(rows, list(voices.values()))

    @property
    def weight_bytes(self) -> int:
        from mlx.utils import tree_flatten

        return sum(
            a.nbytes
            for part in (self.core, self.vae, self.speaker)
            for _, a in tree_flatten(part.parameters())
        )

    def row(self, index: int, line: Utterance):
        """A line made ready: tokens, the voice's prefix, its room.

        Raises EmptyLine, LineTooLong, WrongProfile, FixedSampling.
        """
        if not any(c.isalnum() for c in line.text):
            raise EmptyLine(f"There is nothing to say in {line.text[:40]!r}.")
        sampling = resolve(line.sampling, self.config)
        prompted = 0 if line.profile is None else line.profile.patches
        seconds = (sampling.max_patches - prompted) * self.config.patch_samples / self.rate
        if len(line.text.strip()) > max(seconds, 0) * FASTEST:
            raise LineTooLong(
                f"The line has {len(line.text.strip())} characters, more than {max(seconds, 0):.0f} s of speech can "
                "hold. "
                "Split it."
            )
        return self.ready(index, line, sampling)

    def ready(self, index: int, line: Utterance, sampling: SamplingOptions):
        """`row` without the checks on the text's length."""
        from dotsbook.model.decoding import DecodingRow
        from dotsbook.model.prefix import make_prefix

        profile = line.profile
        if profile is not None:
            check(profile, self.identity, self.config, self.core.hidden_proj.weight.shape[1])
        transcript = None if profile is None else profile.transcript
        ids = self.tokens.line(line.text.strip(), transcript, line.language)
        prompted = 0 if profile is None else profile.patches
        room = (
            min(
                sampling.max_patches,
                min(CONTEXT, self.checkpoint.llm_config["max_position_embeddings"]) - len(ids),
            )
            - prompted
        )
        if room < 1:
            raise LineTooLong(
                f"The line's {len(ids)} tokens and the voice's {prompted} patches leave no room to speak. "
                "Split it, or shorten the reference."
            )
        common, solver = self.tokens.prefix(transcript, line.language), self.solver(sampling)
        key = (profile, tuple(common), solver)  # the profile itself: an id is given again to the next voice
        prefix = self._prefixes.get(
            key,
            lambda: make_prefix(
                self.core, self._mean, self._scale, self.config.patch_size, profile, common, solver
            ),
        )
        continues = profile is not None and profile.embeddings is not None
        return DecodingRow(index, ids, prefix, room, sampling.eos_threshold, continues, line.seed, line.noise)

    def solver(self, sampling: SamplingOptions):
        """What `sampling` decodes with; rows of equal solvers can be decoded together."""
        from dotsbook.model.solvers import solver_for

        return solver_for(self.config, resolve(sampling, self.config))

    def begin(self, rows: list, solver):
        """Rows read into the caches, ready for their first patch."""
        from dotsbook.model.decoding import Decoding

        return Decoding(self.core, self._mean, self._scale, solver, rows)

    def _each(self, lines: Sequence[Utterance], parts_of) -> Iterator[tuple[int, np.ndarray | ModelError]]:
        """(index, its parts joined, or what went wrong) of each line as it is done.

        parts_of: decoding → (index, part or what went wrong, is it the line's last).
        """
        import mlx.core as mx

        groups: dict = {}
        for index, line in enumerate(lines):
            try:
                row = self.row(index, line)
                groups.setdefault(self.solver(line.sampling), []).append(row)
            except ModelError as error:
                yield index, error
        for solver, rows in groups.items():
            for at in range(0, len(rows), TOGETHER):
                yield from _joined(parts_of(self.begin(rows[at : at + TOGETHER], solver)))
                mx.clear_cache()

    def _sounds(
        self, decoding, frames: int | None = None
    ) -> Iterator[tuple[int, np.ndarray | ModelError, bool]]:
        """Each line's samples as they are settled, or what went wrong with it. `frames`: as `StreamingVocoder` has it."""
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

    def _patches(self, decoding) -> Iterator[tuple[int, np.ndarray | ModelError, bool]]:
        """The same before the vocoder: kept patches (P, latent_dim), denormalised."""
        for step in self._steps(decoding):
            yield from step

    def _steps(self, decoding) -> Iterator[list[tuple[int, np.ndarray | ModelError, bool]]]:
        """What each step of the decoding gives for its rows."""
        while decoding.rows:
            steps = [
                (s, s.row.continues and s.row.decoded == 1) for s in decoding.step()
            ]  # is it one not to keep?
            yield [
                (s.row.index, self._patch(s, thrown), s.last) for s, thrown in steps if s.last or not thrown
            ]

    def _patch(self, step, thrown: bool) -> np.ndarray | ModelError:
        if step.patch is None:
            return NotFinite(
                f"The model's numbers broke at patch {step.row.decoded}. Try another seed, or float32."
            )
        if thrown:
            return NothingSpoken(
                "The model ended the line before it said anything. Try another seed or text."
            )
        return self.denormalise(step.patch)

    def denormalise(self, latents: np.ndarray) -> np.ndarray:
        mean, var = self.checkpoint.stats
        return latents * np.sqrt(var) + mean

    def _pieces(self, row, solver) -> Iterator[np.ndarray]:
        """One row's samples, voiced patch by patch."""
        for _, sound, _ in self._sounds(self.begin([row], solver), frames=self.config.patch_size):
            if isinstance(sound, ModelError):
                raise sound
            if len(sound):
                yield sound

    def _finished(self, sound: np.ndarray, raw: bool) -> np.ndarray | ModelError:
        from dotsbook.model.onset import trim_onset

        if not np.isfinite(sound).all():
            return NotFinite("The vocoder's numbers broke. Try another seed.")
        return sound if raw else trim_onset(sound, self.rate)


def _joined(
    parts: Iterator[tuple[int, np.ndarray | ModelError, bool]],
) -> Iterator[tuple[int, np.ndarray | ModelError]]:
    """Each line's parts in one array when its last has come; what went wrong at once."""
    kept: dict[int, list[np.ndarray]] = {}
    for index, part, last in parts:
        if isinstance(part, ModelError):
            yield index, part
            continue
        kept.setdefault(index, []).append(part)
        if last:
            yield index, np.concatenate(kept.pop(index))
