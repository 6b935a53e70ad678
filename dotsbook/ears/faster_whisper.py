"""Whisper by faster-whisper and CTranslate2: hears freely, and scores a given text token by token. It knows no takes.

The sound is encoded once, in a window some seconds longer than it is: a whole one of 30 s takes longer and hears a
sentence little better.
"""

import math
import os
import re
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dotsbook.audio import Samples, resample
from dotsbook.ears.recogniser import LEAST_LOG, Continuation, HeardWord, ScoredText, ScoredWord, fingerprint
from dotsbook.errors import ModelError
from dotsbook.language_code import primary

RATE = 16_000  # Hz, Whisper's
FRAME = 160  # samples a frame of the spectrogram
LONGEST = 3000  # frames
ROOM = 700  # frames of silence after the sound, at least: with less it says the sentence over again
MARGIN = 50  # frames of the encoder after the sound that texts are scored on: more says nothing and costs
STEP = 0.02  # s a frame of the encoder
BEAM = 1
MORE = 8  # tokens it goes on with after a given text
MARK = re.compile(r"[\s!-/:-@\[-`{-~…—–“”‘’¿¡。、，！？]+")
AT_ONCE = 24  # texts scored in one batch
RANK = 5  # that the model's threads give way by, as `nice` counts: an engine that speaks beside it goes first
MISSING = 'Hearing takes needs faster-whisper: run `pip install "dotsbook[ears]"`, or leave `ears:` out of the manifest.'


class FasterWhisper:
    """folder: a Whisper model in CTranslate2 form."""

    def __init__(self, folder: Path, threads: int = 1):
        self.folder, self.threads = folder, threads

    @cached_property
    def identity(self) -> str:
        return f"faster-whisper:{fingerprint(self.folder / 'model.bin')}"

    @cached_property
    def model(self) -> Any:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise ModelError(MISSING) from error

        def opened() -> Any:
            return WhisperModel(
                str(self.folder), compute_type="int8", cpu_threads=self.threads, local_files_only=True
            )

        try:  # the threads that it starts have the rank of the one that opens it
            with ThreadPoolExecutor(1, "whisper", initializer=give_way) as opener:
                return opener.submit(opened).result()
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"{self.folder} can't be opened as a Whisper model ({error}); fetch it again, or name another with "
                "`ears: {recogniser: …}`."
            ) from error

    def hears(self, language: str) -> bool:
        return primary(language) in self.model.supported_languages

    def listen(self, samples: Samples, rate: int, language: str) -> "WhisperListening":
        return WhisperListening(self, resample(samples, rate, RATE), primary(language))

    @cached_property
    def silence(self) -> Any:
        """Two seconds of it, encoded."""
        return encoded(self.model, np.zeros(2 * RATE, np.float32))

    @cached_property
    def marks(self) -> frozenset[int]:
        """Tokens that are punctuation alone."""
        tokenizer = self.model.hf_tokenizer
        texts = ((number, tokenizer.decode([number])) for number in range(tokenizer.get_vocab_size()))
        return frozenset(number for number, text in texts if MARK.fullmatch(text))


def give_way() -> None:
    """Lower this thread's rank among all that want the processor. Only Linux ranks threads one by one."""
    if sys.platform == "linux":
        this = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, this, os.getpriority(os.PRIO_PROCESS, this) + RANK)


def encoded(model: Any, samples: Samples) -> np.ndarray:
    """The encoder's output for 16 kHz samples and the silence after them: (1, frames, width)."""
    import ctranslate2

    frames = min(LONGEST, -(-len(samples) // FRAME))
    window = min(LONGEST, -(-(frames + ROOM) // 100) * 100)
    padded = np.zeros(window * FRAME, np.float32)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    features = model.feature_extractor(padded)[:, :window]
    view = ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None]))
    return np.asarray(model.model.encode(view, to_cpu=True))


class WhisperListening:
    """samples: mono float32, 16 kHz. What is beyond 30 s isn't heard."""

    def __init__(self, recogniser: FasterWhisper, samples: Samples, language: str):
        from faster_whisper.tokenizer import Tokenizer

        self.recogniser, self.whisper, self.samples = recogniser, recogniser.model, samples
        multilingual = self.whisper.model.is_multilingual
        self.tokens = Tokenizer(
            self.whisper.hf_tokenizer,
            multilingual,
            task="transcribe",
            language=language if multilingual else "en",
        )

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    @cached_property
    def encoded(self) -> np.ndarray:
        return encoded(self.whisper, self.samples)

    @property
    def near(self) -> np.ndarray:
        """The sound without most of the silence after it."""
        return self.encoded[:, : self.frames // 2 + MARGIN]

    @property
    def frames(self) -> int:
        return min(LONGEST, -(-len(self.samples) // FRAME))

    def words(self) -> list[HeardWord]:
        prompt = [*self.tokens.sot_sequence, self.tokens.no_timestamps]
        longest = len(prompt) + 20 + round(10 * self.seconds)
        [found] = self.whisper.model.generate(
            view(self.encoded), [prompt], beam_size=BEAM, max_length=min(longest, 440)
        )
        words = self.tokens.decode(found.sequences_ids[0]).split()
        if not words:
            return []
        [scored] = self.score([words])
        over = self.seconds - 2 * STEP  # words that begin here have no sound: it says something over again
        return [
            HeardWord(word.text, word.start, word.end, math.exp(word.log / max(1, len(word.logs))))
            for word in scored.words
            if word.start < over
        ]

    def continued(self, words: Sequence[str]) -> Continuation:
        given = [token for word in words for token in self.tokens.encode(" " + word)]
        after, more = self.after(given, MORE)
        bare = given[
            : len(given) - next((at for at, token in enumerate(given[::-1]) if token not in self.marks), 0)
        ]
        end = max(LEAST_LOG, float(after[self.tokens.eot])) if after is not None else 0.0
        return Continuation(end, tuple(more.split()), self.going_on(bare))

    def going_on(self, given: Sequence[int]) -> float:
        """Logarithm of the probability that a word follows: neither a mark nor the end. A stop that is given ends a sentence
        whatever is heard, so that of texts without it tells more."""
        after, _ = self.after(given, 1)
        if after is None:
            return LEAST_LOG
        chances = np.exp(after.astype(np.float64))
        ends = (
            chances[self.tokens.eot :].sum()
            + chances[[mark for mark in self.marks if mark < len(chances)]].sum()
        )
        return max(LEAST_LOG, math.log(max(1 - ends, 1e-9)))

    def after(self, given: Sequence[int], count: int) -> tuple[np.ndarray | None, str]:
        """(logarithms of each token's probability as the next one; the text of up to `count` to follow), after a given text."""
        prompt = [*self.tokens.sot_sequence, self.tokens.no_timestamps]
        [found] = self.whisper.model.generate(
            view(self.near if count == 1 else self.encoded),
            [[*prompt, *given]],
            beam_size=1,
            max_length=min(2 * (len(prompt) + len(given)) + count, 448),  # it counts what is given twice
            suppress_blank=False,
            suppress_tokens=[],
            return_logits_vocab=True,
        )
        steps = found.logits[0]
        if len(steps) <= len(given):
            return None, ""
        last = np.asarray(steps[len(given)], np.float32).ravel()
        last = last - last.max()
        return last - np.log(np.exp(last).sum()), self.tokens.decode(found.sequences_ids[0][len(given) :])

    @property
    def marks(self) -> frozenset[int]:
        return self.recogniser.marks

    def score(self, texts: Sequence[Sequence[str]]) -> list[ScoredText]:
        return [
            result
            for first in range(0, len(texts), AT_ONCE)
            for result in self.scored(texts[first : first + AT_ONCE], self.near, self.frames)
        ]

    def expected(self, words: Sequence[str]) -> ScoredText:
        silence = self.recogniser.silence[:, : RATE // FRAME + MARGIN]
        return self.scored([words], silence, 2 * silence.shape[1])[0]

    def scored(self, texts: Sequence[Sequence[str]], sound: np.ndarray, frames: int) -> list[ScoredText]:
        pieces = [[self.tokens.encode(" " + word) for word in words] for words in texts]
        ids = [[token for piece in text for token in piece] for text in pieces]
        results = self.whisper.model.align(
            view(sound, len(texts)), list(self.tokens.sot_sequence), ids, frames
        )
        return [
            one_text(words, text, result, self.recogniser.marks)
            for words, text, result in zip(texts, pieces, results, strict=True)
        ]


def view(sound: np.ndarray, count: int = 1) -> Any:
    """An encoded sound as CTranslate2 takes it, as many times as there are texts."""
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.repeat(sound, count, axis=0))


def one_text(
    words: Sequence[str], pieces: Sequence[Sequence[int]], result: Any, marks: frozenset[int]
) -> ScoredText:
    """A result of `align`, word by word."""
    logs = [max(LEAST_LOG, math.log(p)) if p > 0 else LEAST_LOG for p in result.text_token_probs]
    starts = token_starts(result.alignments, len(logs) + 1)  # the text's end is a token too
    scored, at = [], 0
    for word, piece in zip(words, pieces, strict=True):
        own = list(zip(piece, logs[at:], strict=False))
        spoken = tuple(log for token, log in own if token not in marks)
        mark = sum(log for token, log in own if token in marks)
        scored.append(ScoredWord(word, starts[at], starts[at + len(piece)], spoken, mark))
        at += len(piece)
    return ScoredText(tuple(scored))


def token_starts(path: Sequence[tuple[int, int]], count: int) -> list[float]:
    """Seconds at which each of `count` tokens begins, along a path of (token, frame)."""
    starts = [0.0] * count
    seen = -1
    for token, frame in path:
        if token > seen:
            for skipped in range(seen + 1, min(token + 1, count)):
                starts[skipped] = frame * STEP
            seen = token
    for late in range(seen + 1, count):
        starts[late] = path[-1][1] * STEP if path else 0.0
    return starts
