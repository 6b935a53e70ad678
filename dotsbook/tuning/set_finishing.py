"""A data set's clips looked at all together: doubles and other speakers out, some held out, latents made, the files written."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.files import write_whole
from dotsbook.tuning.clip_checks import Rejection
from dotsbook.tuning.clip_making import ClipMaker
from dotsbook.tuning.data_set import (
    ABOUT,
    CLIPS,
    LINES,
    REJECTED,
    ClipLine,
    Dataset,
    DatasetAbout,
    lines_file,
    write_about,
)
from dotsbook.tuning.prepare_events import ClipRejected, LookedAt, PreparedSet, PrepareEvent
from dotsbook.tuning.prepare_journal import PrepareJournal, RecordingOutcome
from dotsbook.tuning.prepare_plan import PreparePlan
from dotsbook.tuning.voice_outliers import other_speakers

LEAST_CLIPS = 2  # one to learn from, one to judge by


def finished(
    plan: PreparePlan,
    maker: ClipMaker,
    journal: PrepareJournal,
    outcomes: Sequence[RecordingOutcome],
    ended: Callable[[], bool],
) -> Iterator[PrepareEvent]:
    """Doubles and other speakers out, some held out, latents made, the files written."""
    rejected = [one for outcome in outcomes for one in outcome.rejected]
    lines, doubles = without_doubles([line for outcome in outcomes for line in outcome.made])
    rejected += doubles
    data = Dataset(plan.folder, about_of(plan, maker), tuple(lines))
    lines = []
    for heard, (line, why) in enumerate(other_speakers(data.all_lines, data.clip), 1):
        if why:
            rejected.append((line.audio, why))
            yield ClipRejected(line.audio, why)
        else:
            lines.append(line)
        yield LookedAt("voices", heard, len(data.all_lines))
        if ended():
            return
    if len(lines) < LEAST_CLIPS:
        reasons = Counter(why.reason for _, why in rejected)
        counts = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
        write_rejected(plan.folder / REJECTED, rejected)
        raise SourceError(
            f"Of {len(lines) + len(rejected)} clips {len(lines)} can be used, which is no data set ({counts}); "
            f"{plan.folder / REJECTED} names each."
        )
    data = replace(data, all_lines=tuple(held_out(lines, plan.held_out)))
    if codec := maker.codec():
        for number, line in enumerate(data.all_lines, 1):
            data.latents(line, codec)
            yield LookedAt("latents", number, len(data.all_lines))
            if ended():
                return
    data = replace(data, about=with_counts(data, len(rejected)))
    write_rejected(plan.folder / REJECTED, rejected)
    commit(data, journal)
    sweep(data, journal)
    yield PreparedSet(data, tuple(rejected), tuple(maker.remarks))


def about_of(plan: PreparePlan, maker: ClipMaker) -> DatasetAbout:
    return DatasetAbout(
        name=plan.name or plan.folder.resolve().name,
        consent=maker.consent,
        licence=plan.licence,
        language=plan.language,
        made_from=tuple(map(str, plan.sources)),
        rate=maker.rate,
        model=maker.identity,
    )


def with_counts(data: Dataset, rejected: int) -> DatasetAbout:
    return replace(
        data.about,
        clips=len(data.all_lines),
        held_out=len(data.held_out),
        seconds=round(data.seconds, 3),
        rejected=rejected,
    )


def without_doubles(lines: Sequence[ClipLine]) -> tuple[list[ClipLine], list[tuple[str, Rejection]]]:
    """The first of clips that are the same to the byte; a double of what is held out would give it away."""
    known: dict[str, str] = {}
    kept, out = [], []
    for line in lines:
        if line.sha256 in known:
            out.append((line.audio, Rejection("duplicate sound", f"the same as {known[line.sha256]}")))
        else:
            known[line.sha256] = line.id
            kept.append(line)
    return kept, out


def held_out(lines: Sequence[ClipLine], share: float) -> list[ClipLine]:
    """The same, some of each speaker's marked as held out: by their texts, so that no held-out text is trained on.

    The same texts give the same choice, whatever else is added. share 0: none.
    """
    own = Counter(line.speaker for line in lines)
    wanted = {
        speaker: max(1, round(share * count)) if share and count > 1 else 0 for speaker, count in own.items()
    }
    texts: dict[str, list[ClipLine]] = {}
    for line in lines:
        texts.setdefault(" ".join(line.text.lower().split()), []).append(line)
    chosen: set[str] = set()
    left = len(lines)
    for text in sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest()):
        group = texts[text]
        if all(wanted[line.speaker] > 0 for line in group) and left - len(group) >= 1:
            left -= len(group)
            chosen |= {line.id for line in group}
            for line in group:
                wanted[line.speaker] -= 1
    return [replace(line, held_out=line.id in chosen) for line in lines]


def write_rejected(path: Path, rejected: Sequence[tuple[str, Rejection]]) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["source", "reason", "detail"])
    writer.writerows([where, why.reason, why.detail] for where, why in rejected)
    write_whole(path, table.getvalue().encode())


def commit(data: Dataset, journal: PrepareJournal) -> None:
    """lines.jsonl, then dataset.yaml, whose being there makes the folder a data set."""
    lines = lines_file(data.all_lines)
    journal.note_written(hashlib.sha256(lines).hexdigest())
    write_whole(data.folder / LINES, lines)
    write_about(data.folder / ABOUT, data.about)


def sweep(data: Dataset, journal: PrepareJournal) -> None:
    """Remove clips that no run of `prepare` knows any more."""
    known = {line.audio for outcome in journal.found.values() for line in outcome.made}
    for path in (data.folder / CLIPS).glob("*.flac"):
        if f"{CLIPS}/{path.name}" not in known:
            path.unlink(missing_ok=True)
