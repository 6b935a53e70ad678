"""`direction.yaml`: how lines are to be spoken, where a person said it; each entry holds on to the book by its words.

- words: she whispered
  rate: 0.9
  pause-after: 0.8
  emo: sad/2
  paragraph: “Not tonight,” she whispered to the water.
  before: and nobody waved from it
  after: It had no answer
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from dotsbook.anchor import tidy
from dotsbook.direction import KEYS, checked
from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.word_anchor import WordAnchor, WordPlace
from dotsbook.yaml_file import Plain, load_list, read_text

HEAD = (
    "# How lines are to be spoken, where you said it: `dotsbook direct` writes here, and so may you. An entry finds its words\n"
    "# by themselves and by what stands around them, also after the book has been edited. docs/direction.md has the keys.\n"
)
WORDED = ("emo", "instruct")  # keys whose values are no numbers
TEXT = ("words", "paragraph", "before", "after", "chapter")
MOST = 5_000  # entries of a file


@dataclass(frozen=True, slots=True)
class DirectedWords:
    """One entry."""

    anchor: WordAnchor
    wanted: Mapping[str, str]  # by kind, checked
    line: int = 0  # in the file


@dataclass(frozen=True, slots=True)
class LostWords:
    """An entry whose words aren't found, and why: a sentence."""

    entry: DirectedWords
    why: str

    @property
    def said(self) -> str:
        """A sentence without its stop."""
        line = f" line {self.entry.line}" if self.entry.line else ""
        return f"direction.yaml{line}: the words {self.entry.anchor.words[:60]!r} aren't found: {self.why}"


@dataclass(frozen=True, slots=True)
class PlacedWords:
    entry: DirectedWords
    place: WordPlace


def load_direction(path: Path) -> list[DirectedWords]:
    """The entries of a file; none where there is none. ManifestError, with the line, for a mistake in it."""
    data, lines = load_list(path, "a list of entries: `- words: she whispered`, and under it `rate: 0.9`.")
    if len(data) > MOST:
        raise ManifestError(f"{path} has {len(data):,} entries; {MOST:,} are the most.")
    return [entry_of(path, index, item, lines) for index, item in enumerate(data)]


def entry_of(path: Path, index: int, item: object, lines: Mapping[tuple, int]) -> DirectedWords:
    line = lines.get((index,), 1)
    if not isinstance(item, dict):
        raise ManifestError(f"{path} line {line}: an entry has `words:` and what is wanted of them.")
    text, wanted, number, rival = {}, {}, 1, 0.0
    for key, value in item.items():
        here = f"{path} line {lines.get((index, key), line)}"
        if key in TEXT:
            if isinstance(value, dict | list):
                raise ManifestError(f"{here}: `{key}` is text; put it between double quotes.")
            text[key] = tidy("" if value is None else str(value))
        elif key == "number":
            if type(value) is not int or not 1 <= value <= 10_000:
                raise ManifestError(
                    f"{here}: `number` says which of alike words in the paragraph is meant: 1, 2 …"
                )
            number = value
        elif key == "rival":
            if type(value) not in (int, float) or not 0 <= value <= 1:
                raise ManifestError(f"{here}: `rival` says how like its paragraph another one is: 0 to 1.")
            rival = float(value)
        else:
            try:
                wanted[str(key)] = checked(str(key), value)
            except ValueError as error:
                known = "" if key in KEYS else f", and {', '.join((*TEXT, 'number', 'rival'))}"
                raise ManifestError(f"{here}: {error}{known}.") from error
    if not text.get("words"):
        raise ManifestError(f"{path} line {line}: `words:` is missing; say which words are meant.")
    if not wanted:
        raise ManifestError(
            f"{path} line {line}: nothing is wanted of these words; add one of {', '.join(KEYS)}."
        )
    return DirectedWords(WordAnchor(number=number, rival=rival, **text), wanted, line)


def row_of(entry: DirectedWords) -> str:
    """An entry as the file holds it."""
    anchor = entry.anchor
    wanted = {key: value if key in WORDED else float(value) for key, value in entry.wanted.items()}
    numbered = {"number": anchor.number} if anchor.number > 1 else {}
    around = {key: getattr(anchor, key) for key in ("paragraph", "before", "after", "rival", "chapter")}
    row = {"words": anchor.words} | wanted | numbered | {key: value for key, value in around.items() if value}
    return yaml.safe_dump([row], allow_unicode=True, sort_keys=False, width=10_000)


def rewritten(text: str, before: Sequence[DirectedWords], after: Sequence[DirectedWords]) -> str:
    """The file with its entries `before` as they are `after`: what didn't change stays as it is written, comments too.

    after: `before` with some left out, some changed, new ones behind them, as `with_wanted` makes it.
    """
    root = yaml.compose(text, Loader=Plain) if text.strip() else None
    if not isinstance(root, yaml.SequenceNode):
        return (text.rstrip("\n") + "\n" if text.strip() else HEAD) + "".join(map(row_of, after))
    if root.flow_style:
        return HEAD + "".join(map(row_of, after))
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    indent = " " * root.start_mark.column
    kept, old = {id(entry) for entry in after}, {id(entry) for entry in before}
    new = [entry for entry in after if id(entry) not in old]
    begins = [node.start_mark.line for node in root.value]
    for entry, begin, end in reversed(list(zip(before, begins, [*begins[1:], len(lines)], strict=True))):
        if id(entry) in kept:
            continue
        changed = next((one for one in new if one.anchor == entry.anchor), None)
        if changed:
            new.remove(changed)
        rows = row_of(changed).splitlines(keepends=True) if changed else []
        lines[begin : last_line(lines, begin, end) + 1] = [indent + row for row in rows]
    rows = "".join(map(row_of, new)).splitlines(keepends=True)
    return "".join(lines) + "".join(indent + row for row in rows)


def last_line(lines: Sequence[str], first: int, end: int) -> int:
    """The last line of an entry that begins at one line, before another; blanks and comments behind it are not its own."""
    at = end - 1
    while at > first and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
        at -= 1
    return at


def write_direction(path: Path, before: Sequence[DirectedWords], after: Sequence[DirectedWords]) -> None:
    """Write the entries, the file's own lines kept; all of it anew where that would say anything else."""
    text = rewritten(read_text(path) if path.is_file() else "", before, after)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_bytes(text.encode())
        try:
            found = [(one.anchor, dict(one.wanted)) for one in load_direction(trial)]
        except ManifestError:
            found = None
    if found != [(one.anchor, dict(one.wanted)) for one in after]:
        text = HEAD + "".join(map(row_of, after))
    write_through(path, text.encode())


def with_wanted(
    entries: Iterable[DirectedWords], anchor: WordAnchor, wanted: Mapping[str, str | None]
) -> list[DirectedWords]:
    """All entries, with what is wanted of one anchor's words changed; None takes a key away, and an entry that wants
    nothing more goes."""
    kept, found = [], False
    for entry in entries:
        if entry.anchor == anchor:
            found = True
            both: dict[str, str | None] = {**entry.wanted, **wanted}
            left = {key: value for key, value in both.items() if value is not None}
            if left:
                kept.append(replace(entry, wanted=left))
        else:
            kept.append(entry)
    new = {key: value for key, value in wanted.items() if value is not None}
    return kept if found or not new else [*kept, DirectedWords(anchor, new)]
