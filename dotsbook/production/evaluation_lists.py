"""Lists that speech synthesis is evaluated on, as their makers write them. It speaks and hears nothing.

meta.lst     of Seed-TTS-eval: utt|prompt text|prompt wav|text, and perhaps |the true recording
*.jsonl      an object a line: text, and id, prompt_audio, prompt_text, language where it has them
*.txt        of MiniMax's multilingual set: prompt audio|text
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import SourceError

NAMES = {  # ours → what others call it
    "id": ("id", "utt", "utt_id", "name"),
    "text": ("text", "infer_text", "target_text", "text_to_be_synthesized"),
    "prompt": ("prompt_audio", "prompt_wav", "reference", "ref_audio", "cloning_audio_filename", "audio"),
    "words": ("prompt_text", "reference_text", "ref_text"),
    "language": ("language", "lang", "language_id"),
}


@dataclass(frozen=True)
class ListedLine:
    """A line to speak."""

    id: str
    text: str
    prompt: Path | None = None  # a recording of the voice to speak it in
    words: str = ""  # what is said in it
    language: str = ""  # BCP 47; "": the list's


def listed_lines(path: Path) -> list[ListedLine]:
    """Raises SourceError, with the line, for what is no such list."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read as text: {error}.") from error
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    found = list(objects(path, rows) if path.suffix in (".jsonl", ".json") else fields(path, rows))
    if not found:
        raise SourceError(f"{path} has no lines; a list has a line for each text.")
    twice = {
        one.id for number, one in enumerate(found) if any(one.id == other.id for other in found[:number])
    }
    if twice:
        raise SourceError(
            f"{path} names {', '.join(sorted(twice)[:5])} twice; each line needs a name of its own."
        )
    return found


def objects(path: Path, rows: list[tuple[int, str]]) -> Iterator[ListedLine]:
    for number, row in rows:
        try:
            said = json.loads(row)
        except ValueError as error:
            raise SourceError(f"{path} line {number} is no JSON object ({error}).") from error
        known = (
            {
                name: next((said[other] for other in others if said.get(other)), "")
                for name, others in NAMES.items()
            }
            if isinstance(said, dict)
            else {}
        )
        if not known.get("text"):
            raise SourceError(f"{path} line {number} has no `text`.")
        prompt = path.parent / str(known["prompt"]) if known["prompt"] else None
        name = str(known["id"] or number)
        yield ListedLine(name, str(known["text"]), prompt, str(known["words"]), str(known["language"]))


def fields(path: Path, rows: list[tuple[int, str]]) -> Iterator[ListedLine]:
    for number, row in rows:
        parts = [part.strip() for part in row.split("|")]
        if len(parts) == 2:
            yield ListedLine(str(number), parts[1], path.parent / parts[0] if parts[0] else None)
        elif len(parts) in (4, 5):
            yield ListedLine(parts[0], parts[3], path.parent / parts[2] if parts[2] else None, parts[1])
        else:
            raise SourceError(
                f"{path} line {number} has {len(parts)} fields, where utt|prompt text|prompt wav|text belong."
            )
