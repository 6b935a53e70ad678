"""Recordings with their texts as people have them: folders, CSV, JSONL, a book's takes. It opens no sound.

a folder with metadata.csv   LJSpeech's: id|text|text in words; wavs/id.wav
a folder with a .jsonl       the same as the file
another folder               each sound with NAME.txt, NAME.lab or NAME.normalized.txt beside it; subfolders are speakers
CSV, TSV                     by its heading (audio, text, speaker, lang, id and their like), or like LJSpeech's
JSONL                        an object a line: audio, text, and speaker, lang, fid where it has them
a sound file                 with NAME.txt beside it
a project of dotsbook        the takes that its lines have, doubtful ones left out
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.tuning.source_clip import SourceClip

SOUNDS = {".wav", ".flac", ".mp3", ".m4a", ".m4b", ".ogg", ".opus", ".aif", ".aiff", ".aac", ".wma", ".mka"}
TEXTS = (".normalized.txt", ".txt", ".lab")  # beside a sound, by its name
LISTS = {".csv", ".tsv", ".jsonl", ".json"}
LARGEST = 256_000_000  # bytes of a list
NAMES = {  # ours → what others call it
    "audio": ("audio", "audio_file", "audio_path", "audio_filepath", "file", "file_name", "path", "wav"),
    "text": ("text", "sentence", "transcript", "transcription", "normalized_text"),
    "speaker": ("speaker", "speaker_id", "speaker_name", "client_id"),
    "lang": ("lang", "language", "locale"),
    "name": ("fid", "id", "utt", "utt_id"),
}


def source_clips(source: Path) -> list[SourceClip]:
    """All that a source names. SourceError for one that is none; a line that is wrong is a clip with a `fault`."""
    source = Path(source)
    if not source.exists():
        raise SourceError(
            f"There is no {source}; name a folder, a CSV or JSONL file, or a project with --from."
        )
    if source.name == "book.yaml" or (source / "book.yaml").is_file():
        from dotsbook.tuning.project_takes import accepted_takes

        found = accepted_takes(source)
    elif source.is_dir():
        found = in_folder(source)
    elif source.suffix.lower() in LISTS or source.name == "metadata.txt":
        found = in_list(source)
    elif source.suffix.lower() in SOUNDS:
        found = [with_text(source, "")]
    else:
        raise SourceError(
            f"{source} is neither a folder, a project, a list (.csv, .tsv, .jsonl) nor a sound with its text beside it."
        )
    if not found:
        raise SourceError(f"{source} holds no recordings with texts.")
    return found


def in_folder(folder: Path) -> list[SourceClip]:
    for name in ("metadata.csv", "metadata.txt", "metadata.jsonl"):
        if (folder / name).is_file():
            return in_list(folder / name)
    lists = sorted(folder.glob("*.jsonl"))
    if len(lists) > 1:
        names = ", ".join(path.name for path in lists[:5])
        raise SourceError(
            f"{folder} has several lists ({names}); name one of them, or each with a --from of its own."
        )
    if lists:
        return in_list(lists[0])
    sounds = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SOUNDS and path.is_file()]
    return [with_text(path, speaker_by_folder(path, folder)) for path in sounds]


def speaker_by_folder(path: Path, folder: Path) -> str:
    """Of DIR/ann/1.wav it is ann; of DIR/1.wav nobody's name is known, nor of DIR/wavs/1.wav."""
    first = path.relative_to(folder).parts[0]
    return "" if first == path.name or first in ("wavs", "wav", "clips", "audio") else first


def with_text(sound: Path, speaker: str) -> SourceClip:
    for ending in TEXTS:
        beside = sound.with_name(sound.stem + ending)
        if beside.is_file():
            try:
                text = " ".join(beside.read_bytes().decode("utf-8-sig").split())
            except (OSError, UnicodeDecodeError) as error:
                return SourceClip(
                    sound, "", speaker, where=str(beside), fault=f"{beside} isn't UTF-8 text ({error})"
                )
            return SourceClip(sound, text, speaker, where=str(sound))
    return SourceClip(sound, "", speaker, where=str(sound))


def in_list(path: Path) -> list[SourceClip]:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(
                f"{path} has over {LARGEST // 1_000_000} MB, which no list has; is it the right file?"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read as text: {error}.") from error
    if path.suffix.lower() in (".jsonl", ".json"):
        return list(objects_in(path, text))
    return list(rows_in(path, text))


def objects_in(path: Path, text: str) -> Iterator[SourceClip]:
    for number, row in enumerate(text.split("\n"), 1):
        where = f"{path} line {number}"
        if not row.strip():
            continue
        try:
            said = json.loads(row)
        except (ValueError, RecursionError):
            yield SourceClip(Path(), "", where=where, fault="the line is no JSON object")
            continue
        if not isinstance(said, dict):
            yield SourceClip(Path(), "", where=where, fault="the line is no JSON object")
        else:
            yield clip_of(path.parent, {str(key).lower(): said[key] for key in said}, where)


def rows_in(path: Path, text: str) -> Iterator[SourceClip]:
    """A row a clip, by the heading where there is one; else id, text and perhaps the text in words."""
    first = text.partition("\n")[0]
    mark = "|" if "|" in first else "\t" if "\t" in first else ","
    rows = io.StringIO(text, newline="")
    if mark == ",":
        reader = csv.reader(rows)
    else:  # LJSpeech's texts have quotation marks that quote nothing of a table
        reader = csv.reader(rows, delimiter=mark, quoting=csv.QUOTE_NONE)
    heading: list[str] | None = None
    try:
        for number, row in enumerate(reader, 1):
            cells, where = [cell.strip() for cell in row], f"{path} line {reader.line_num}"
            if not any(cells):
                continue
            names = [cell.lower() for cell in cells]
            if number == 1 and any(name in NAMES["text"] for name in names):
                heading = names
            elif heading:
                yield clip_of(path.parent, dict(zip(heading, cells, strict=False)), where)
            elif len(cells) in (2, 3):
                yield clip_of(path.parent, {"id": cells[0], "text": cells[-1] or cells[1]}, where)
            else:
                said = f"the line has {len(cells)} fields; without a heading they are id, text and perhaps text in words"
                yield SourceClip(Path(), "", where=where, fault=said)
    except csv.Error as error:
        raise SourceError(f"{path} line {reader.line_num} isn't CSV ({error}).") from error


def clip_of(folder: Path, said: dict, where: str) -> SourceClip:
    """A line's fields as a clip; the sound is looked for beside the list."""
    known = {name: next((said[one] for one in others if said.get(one)), "") for name, others in NAMES.items()}
    if isinstance(known["audio"], dict):  # as data sets of the hub have it
        known["audio"] = known["audio"].get("path") or ""
    words = {name: str(value).strip() for name, value in known.items()}
    named = words["audio"] or words["name"]
    if not named:
        return SourceClip(Path(), words["text"], where=where, fault="the line names no sound")
    return SourceClip(
        sound_at(folder, named), words["text"], words["speaker"], words["lang"], words["name"], where
    )


def sound_at(folder: Path, named: str) -> Path:
    """Where a list's sound lies: as it is named, or in wavs/, clips/ or audio/, its ending left out or not."""
    for part in ("", "wavs", "wav", "clips", "audio"):
        path = folder / part / named
        if path.is_file():
            return path
        for ending in (".wav", ".flac", ".mp3"):
            beside = path.with_name(path.name + ending)
            if beside.is_file():
                return beside
    return folder / named
