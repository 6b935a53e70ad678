"""One recording to its clips: as it is if it is short, split if it is long; each with what speaks against it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.audio import Samples, blocks_of
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.tuning.clip_checks import (
    LOWEST_RATE,
    Rejection,
    length_fault,
    pace_fault,
    sound_fault,
    text_fault,
)
from dotsbook.tuning.clip_files import PreparedClip, file_of, prepared
from dotsbook.tuning.data_set import ClipLine
from dotsbook.tuning.long_recordings import (
    FRAME,
    SoundStretch,
    SpeechLevels,
    levels_of,
    sounds_of,
    split_at_pauses,
)
from dotsbook.tuning.pace_placing import ODD, placed_texts
from dotsbook.tuning.prepare_journal import PrepareJournal, RecordingOutcome
from dotsbook.tuning.text_hearing import TextHearing, TextThread

if TYPE_CHECKING:
    from dotsbook.model.training.clip_codec import ClipCodec
    from dotsbook.tuning.prepare_plan import NamedClip, PreparePlan

RELEASED_RATE = 48_000  # Hz of every released model
RECIPE = 1  # raised by whoever changes what this code makes of the same recording
WHOLE = 60.0  # s: what is longer is never held whole
EDGES = 2.0  # s that a piece's sound may be longer than what is spoken in it


class ClipMaker:
    """Makes clips in a data set's folder by a plan; what the journal knows isn't made again."""

    def __init__(self, plan: "PreparePlan", journal: PrepareJournal):
        self.plan, self.journal, self.limits = plan, journal, plan.limits
        self.rate, self.identity = model_facts(plan)
        self.hearing = hearing_of(plan)
        self.remarks: list[str] = []
        self.consent = consent_of(plan)
        self.worked = False  # the recording asked for last wasn't all known
        ears = self.hearing.recogniser.identity if self.hearing else ""
        self.made_with = [RECIPE, self.rate, asdict(plan.limits), ears]
        if not self.hearing:
            self.remark(
                "Texts weren't compared with what is heard, only with how long it takes: name a recogniser with --recogniser."
            )

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def codec(self) -> "ClipCodec | None":
        """What makes latents, if the plan names a model."""
        if self.plan.model is None:
            return None
        from dotsbook.model.training.clip_codec import ClipCodec
        from dotsbook.voices.dots_words import folder_of

        return ClipCodec.load(folder_of(self.plan.model))

    def outcomes(self, clip: "NamedClip") -> Iterator[tuple[RecordingOutcome, bool]]:
        """What becomes of a recording, or of its pieces one by one, and whether it is new. OutputError if the disk refuses."""
        self.worked = False
        own = self.key(clip)
        if known := self.known(own):
            yield known, False
            return
        if fault := clip.fault or text_fault(clip.source.text):
            yield self.noted(rejected(own, clip.source.where, fault)), True
            return
        try:
            yield from self.of_sound(clip, own)
        except VoiceError as error:
            yield self.noted(rejected(own, clip.source.where, Rejection("unreadable", str(error)))), True

    def of_sound(self, clip: "NamedClip", own: str) -> Iterator[tuple[RecordingOutcome, bool]]:
        samples, rate, whole = beginning(clip.source.audio)
        if whole:
            fault = sound_fault(samples, rate)
            if fault:
                yield self.noted(rejected(own, clip.source.where, fault)), True
                return
            found = prepared(samples, rate, self.rate)
            if found.spoken <= self.limits.longest:
                yield (
                    self.noted(self.made(own, clip, clip.id, found, clip.source.text, clip.source.where)),
                    True,
                )
                return
        yield from self.pieces(clip, own)

    def pieces(self, clip: "NamedClip", own: str) -> Iterator[tuple[RecordingOutcome, bool]]:
        """A long recording, split. Each piece is an outcome of its own, so that a death costs one."""
        source, levels = clip.source, levels_of(clip.source.audio)
        fault = None
        if levels.rate < LOWEST_RATE:
            fault = Rejection("wrong rate", f"{levels.rate:,} samples a second")
        elif not levels.speech.any():
            fault = Rejection("silence", f"{len(levels.speech) * FRAME:.0f} s without a voice")
        pieces = [] if fault else self.split(clip, levels)
        if not fault and not pieces:
            fault = Rejection(
                "too long", "its pauses are fewer than its sentences: it can't be split without ears"
            )
        if fault:
            yield self.noted(rejected(own, source.where, fault)), True
            return
        thread = TextThread(source.text, self.language(clip)) if self.by_ear(clip) else None
        todo: list[tuple[int, SoundStretch, str]] = []
        for number, (stretch, text) in enumerate(pieces, 1):
            known = None if todo else self.known(f"{own} {number}")
            if known is None:
                todo.append((number, stretch, text))
                continue
            if thread:
                thread.at = known.words
            yield known, False
        fit = [one for one in todo if one[1].seconds <= self.limits.longest + EDGES]
        sounds = sounds_of(source.audio, [stretch for _, stretch, _ in fit])
        for number, stretch, text in todo:
            key, where = (
                f"{own} {number}",
                f"{source.where} at {timedelta(seconds=int(stretch.first * FRAME))}",
            )
            if stretch.seconds > self.limits.longest + EDGES:
                outcome = rejected(
                    key, where, Rejection("too long", f"{stretch.seconds:.0f} s without a pause")
                )
            else:
                outcome = self.piece(key, clip, number, next(sounds), levels.rate, text, where, thread)
            yield self.noted(replace(outcome, words=thread.at if thread else 0)), True

    def split(self, clip: "NamedClip", levels: SpeechLevels) -> list[tuple[SoundStretch, str]]:
        """Where to split, and what is said there, as far as that is known by lengths."""
        if self.by_ear(clip):
            return [(stretch, "") for stretch in split_at_pauses(levels, self.limits)]
        self.remark(
            "Long recordings were split by the lengths of sentences and pauses alone: listen to some of the clips, or name a "
            "recogniser with --recogniser."
        )
        found = placed_texts(levels, clip.source.text, self.language(clip), self.limits)
        return [(one.stretch, one.text if abs(one.odd) <= ODD else "") for one in found]

    def piece(
        self,
        key: str,
        clip: "NamedClip",
        number: int,
        samples: Samples,
        rate: int,
        text: str,
        where: str,
        thread: TextThread | None,
    ) -> RecordingOutcome:
        fault = sound_fault(samples, rate)
        if fault:
            return rejected(key, where, fault)
        if thread and self.hearing:
            text = thread.take(self.hearing.words(samples, rate, self.language(clip)))
            if not text:
                return rejected(key, where, Rejection("text", "what is heard isn't in the text near there"))
        elif not text:
            return rejected(
                key, where, Rejection("text", "the pace is odd: it says more or less than the text there")
            )
        return self.made(
            key, clip, f"{clip.id}-{number:04d}", prepared(samples, rate, self.rate), text, where
        )

    def made(
        self, key: str, clip: "NamedClip", name: str, found: PreparedClip, text: str, where: str
    ) -> RecordingOutcome:
        """A clip written, or why it isn't."""
        language = self.language(clip)
        fault = length_fault(found.spoken, self.limits) or pace_fault(text, found.spoken)
        if not fault and self.hearing and self.by_ear(clip):
            fault = self.hearing.fault(found.samples, found.rate, text, language)
        if fault:
            return rejected(key, where, fault)
        sha256 = found.write(self.plan.folder, name)
        speaker = (
            clip.source.speaker or self.plan.speaker or self.plan.name or self.plan.folder.resolve().name
        )
        line = ClipLine(
            name, file_of(name), text.strip(), speaker, language, round(found.seconds, 3), False, sha256
        )
        return RecordingOutcome(key, (line,))

    # ── what is known ──

    def language(self, clip: "NamedClip") -> str:
        found = clip.source.lang or self.plan.language
        return "" if found.lower() in ("none", "und") else found

    def by_ear(self, clip: "NamedClip") -> bool:
        """Whether the recogniser has the clip's language."""
        if not self.hearing:
            return False
        if self.hearing.hears(self.language(clip)):
            return True
        self.remark(f"The recogniser doesn't know {self.language(clip)}: clips in it weren't heard.")
        return False

    def key(self, clip: "NamedClip") -> str:
        """A hash of all that decides what becomes of a recording."""
        source = clip.source
        try:
            stat = source.audio.stat()
            file = [str(source.audio.resolve()), stat.st_size, stat.st_mtime_ns]
        except OSError:
            file = [str(source.audio), 0, 0]
        speaker = source.speaker or self.plan.speaker or self.plan.name
        said = [source.text, speaker, self.language(clip), asdict(clip.fault) if clip.fault else None]
        of = json.dumps([self.made_with, clip.id, file, said], ensure_ascii=False)
        return hashlib.sha256(of.encode()).hexdigest()[:40]

    def known(self, key: str) -> RecordingOutcome | None:
        """What the journal has, if its clips are still what they were."""
        found = self.journal.found.get(key)
        if found and all(self.stands(line) for line in found.made):
            return found
        return None

    def stands(self, line: ClipLine) -> bool:
        try:
            return sha256_of(self.plan.folder / line.audio) == line.sha256
        except OSError:
            return False

    def noted(self, outcome: RecordingOutcome) -> RecordingOutcome:
        self.worked = True
        self.journal.add(outcome)
        return outcome


def rejected(key: str, where: str, why: Rejection) -> RecordingOutcome:
    return RecordingOutcome(key, (), ((where, why),))


def beginning(path: Path) -> tuple[Samples, int, bool]:
    """(samples, rate, whether that is all of it): the first WHOLE seconds of a recording."""
    import numpy as np

    blocks, count, rate = [], 0, 0
    for block, rate in blocks_of(path):
        blocks.append(block)
        count += len(block)
        if count > WHOLE * rate:
            return np.zeros(0, np.float32), rate, False
    return np.concatenate(blocks), rate, True


# ── what a plan names ──


def model_facts(plan: "PreparePlan") -> tuple[int, str]:
    """The clips' rate, and the identity of the model that it is taken from; the released models' without one."""
    if plan.model is None:
        return RELEASED_RATE, ""
    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.voices.dots_words import folder_of

    checkpoint = open_checkpoint(folder_of(plan.model))
    return checkpoint.config.vocoder.sample_rate, checkpoint.identity


def hearing_of(plan: "PreparePlan") -> TextHearing | None:
    if plan.recogniser is None:
        return None
    from dotsbook.ears.recognisers import recogniser_of

    return TextHearing(recogniser_of(plan.recogniser, Path.cwd(), plan.language))


def consent_of(plan: "PreparePlan") -> str:
    """The plan's line, and what projects among the sources say of their voices: consent travels."""
    from dotsbook.tuning.project_takes import consents_of

    said = [plan.consent.strip()]
    for source in plan.sources:
        if source.name == "book.yaml" or (source / "book.yaml").is_file():
            said += [f"{voice}: {consent}" for voice, consent in consents_of(source).items()]
    return "; ".join(dict.fromkeys(said))
