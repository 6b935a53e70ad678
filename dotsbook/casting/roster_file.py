"""`cast.yaml`: the people of a book as a person sees them. Read, and brought up to date without losing a hand-made line.

Catherine Morland:            # 812 lines, 14,301 words
  voice: cate                 # a name of `voices:` in book.yaml; `default` is the narrator's
  gender: f
  also: [Miss Morland, Cathy]
narrator: {is: Hastings}      # who says "I" in the narration
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from dotsbook.book import folded_name
from dotsbook.casting.character import Character
from dotsbook.casting.roster import Member, Roster
from dotsbook.errors import ManifestError
from dotsbook.manifest import Strict, Words, explain
from dotsbook.wording import count
from dotsbook.yaml_file import Plain, load_yaml

NARRATOR = "narrator"  # the entry that says who tells the story
HEAD = """\
# Who speaks in this book, those who say most first. `dotsbook cast` writes new people in and leaves your lines as they are.
# voice: a name under `voices:` in book.yaml, or `default` for the narrator's. gender: f or m. also: other names of the
# same person (`dotsbook cast merge A B` joins two). narrator: {is: NAME} says who "I" is.
"""
COUNT = re.compile(r"[ \t]*# [\d,]+ lines?, [\d,]+ words?[ \t]*$")


class RosterEntry(Strict):
    """One person's line."""

    voice: str = ""
    gender: Literal["f", "m", ""] = ""
    also: Words = ()
    is_: str = Field(default="", alias="is")  # only of `narrator`


def load_roster(path: Path) -> Roster:
    """The roster of a file; an empty one where there is none. ManifestError, with the line, for a mistake in it."""
    if not path.is_file():
        return Roster()
    data, lines = load_yaml(path)
    if data is None:
        return Roster()
    if not isinstance(data, dict):
        raise ManifestError(f"{path} must be a list of names with a colon, e.g. `Mara: {{voice: mara}}`.")
    members: list[Member] = []
    narrator = ""
    for name, said in data.items():
        try:
            entry = RosterEntry.model_validate({} if said is None else said)
        except ValidationError as error:
            raise ManifestError(explain(error, path, lines, (name,), RosterEntry)) from error
        if name == NARRATOR:
            narrator = entry.is_
            continue
        if entry.is_:
            raise ManifestError(
                f"{path} line {lines[(name,)]}: only `narrator` can be somebody: {{is: {entry.is_}}}."
            )
        members.append(Member(name, entry.also, entry.gender, entry.voice))
    refuse_doubles(path, members, lines)
    return Roster(tuple(with_narrator(members, narrator)))


def with_narrator(members: list[Member], narrator: str) -> list[Member]:
    """The member who tells the story, marked; made if the list doesn't have them."""
    if not narrator:
        return members
    wanted = folded_name(narrator)
    found = [one for one in members if wanted in map(folded_name, (one.name, *one.also))]
    if not found:
        return [*members, Member(narrator, is_narrator=True)]
    first = found[0]
    told = Member(first.name, first.also, first.gender, first.voice, True)
    return [told if one is first else one for one in members]


def refuse_doubles(path: Path, members: Iterable[Member], lines: Mapping[tuple, int]) -> None:
    """Two people can't have one name."""
    owners: dict[str, str] = {}
    for member in members:
        for name in (member.name, *member.also):
            other = owners.setdefault(folded_name(name), member.name)
            if other != member.name:
                raise ManifestError(
                    f"{path} line {lines.get((member.name,), 1)}: both {other} and {member.name} are called "
                    f"{name!r}; leave it to one of them, or join them: `dotsbook cast merge {quoted(other)} "
                    f"{quoted(member.name)}`."
                )


def quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def updated(text: str, characters: Iterable[Character], voices: Mapping[str, str]) -> str:
    """The file's text with today's counts as comments, and lines for people it doesn't know.

    voices: {character: a voice dealt to them}, for those without one. What stands in the file stays, but for the
    comment of the count. New people come after those that are there, those who say most first.
    """
    written = text if text.strip() else HEAD
    known = known_names(written)
    for character in characters:
        said = f"# {count(character.lines, 'line')}, {count(character.words, 'word')}"
        name = next(
            (
                known[folded_name(one)]
                for one in (character.name, *character.aliases)
                if folded_name(one) in known
            ),
            None,
        )
        if name is None:
            written = written.rstrip("\n") + "\n" + entry_of(character, voices.get(character.name, ""), said)
        else:
            written = counted(written, name, said)
            if voices.get(character.name):
                written = with_field(written, name, "voice", voices[character.name])
    return written


def entry_of(character: Character, voice: str, said: str) -> str:
    """A person's lines in the file."""
    fields: dict[str, object] = {}
    if voice:
        fields["voice"] = voice
    if character.gender:
        fields["gender"] = character.gender
    if character.aliases:
        fields["also"] = list(character.aliases)
    head = f"{key_of(character.name)}:"
    lines = [f"  {key}: {shown(value)}" for key, value in fields.items()] or [""]
    return "\n".join((beside(head, said), *filter(None, lines))) + "\n"


def beside(line: str, comment: str) -> str:
    """A line with its comment, at a column where the line leaves room."""
    return f"{line:<30}{comment}" if len(line) < 30 else f"{line}  {comment}"


def known_names(text: str) -> dict[str, str]:
    """{a name or alias, folded: the entry it belongs to}."""
    data = yaml.load(text, Loader=Plain) or {}  # noqa: S506  Plain is a SafeLoader
    found: dict[str, str] = {}
    for name, said in data.items():
        if name != NARRATOR:
            also = (said or {}).get("also", [])
            for one in (name, *([also] if isinstance(also, str) else also)):
                found.setdefault(folded_name(str(one)), name)
    return found


def place_of(text: str, name: str) -> tuple[yaml.Node, yaml.Node]:
    """An entry's key and value in the file."""
    root = yaml.compose(text, Loader=Plain)
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    for key, value in pairs:
        if key.value == name:
            return key, value
    raise ManifestError(f"There is nobody called {name} in cast.yaml.")


def counted(text: str, name: str, said: str) -> str:
    """The comment of a person's count, on the line of their name."""
    key, _ = place_of(text, name)
    lines = text.splitlines(keepends=True)
    line = COUNT.sub("", lines[key.start_mark.line].rstrip("\n"))
    if "#" in line:  # a comment of the person's own: it stays
        return text
    lines[key.start_mark.line] = beside(line.rstrip(), said) + "\n"
    return "".join(lines)


def with_field(text: str, name: str, field: str, value: object) -> str:
    """A person's entry with one key set; every other line stays."""
    key, entry = place_of(text, name)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    at = key.start_mark.line
    if isinstance(entry, yaml.MappingNode):
        for inner, old in entry.value:
            if inner.value == field:
                start, end = old.start_mark.index, old.end_mark.index
                if not getattr(old, "flow_style", True):  # a list of lines ends where the next line begins
                    start, end = (
                        inner.end_mark.index + 1,
                        text.rfind("\n", 0, end) + 1 if end < len(text) else end,
                    )
                    return f"{text[:start]} {shown(value)}\n{text[end:]}"
                return text[:start] + shown(value) + text[end:]
        if entry.flow_style:
            close = entry.end_mark.index - 1
            joint = ", " if entry.value else ""
            return text[:close].rstrip() + f"{joint}{field}: {shown(value)}" + text[close:]
        indent = entry.value[0][0].start_mark.column
        at = entry.value[0][0].start_mark.line - 1
    else:
        indent = 2
    lines.insert(at + 1, f"{' ' * indent}{field}: {shown(value)}\n")
    return "".join(lines)


def merged(text: str, name: str, other: str) -> str:
    """`other` becomes another name of `name`, with all the names they had; their own lines go.

    Raises ManifestError where either isn't in the file.
    """
    names = known_names(text)
    if folded_name(name) not in names or folded_name(other) not in names:
        missing = name if folded_name(name) not in names else other
        raise ManifestError(
            f"There is nobody called {missing} in cast.yaml; `dotsbook cast` lists everybody."
        )
    first, second = names[folded_name(name)], names[folded_name(other)]
    if first == second:
        raise ManifestError(f"{name} and {other} are one person in cast.yaml already.")
    data = yaml.load(text, Loader=Plain)  # noqa: S506  Plain is a SafeLoader
    also = [*listed(data[first]), second, *listed(data[second])]
    gender = (data[first] or {}).get("gender") or (data[second] or {}).get("gender")
    text = without(text, second)
    if gender and not (data[first] or {}).get("gender"):
        text = with_field(text, first, "gender", gender)
    return with_field(text, first, "also", list(dict.fromkeys(also)))


def listed(said: dict | None) -> list[str]:
    also = (said or {}).get("also", [])
    return [also] if isinstance(also, str) else [str(one) for one in also]


def without(text: str, name: str) -> str:
    """The file without a person's lines."""
    key, entry = place_of(text, name)
    lines = text.splitlines(keepends=True)
    end = max(key.start_mark.line, entry.end_mark.line - (entry.end_mark.column == 0))
    while end > key.start_mark.line and (not lines[end].strip() or lines[end].lstrip().startswith("#")):
        end -= 1
    if end > key.start_mark.line and not lines[end][:1].isspace():
        end -= 1
    del lines[key.start_mark.line : end + 1]
    return "".join(lines)


def key_of(name: str) -> str:
    """A name as a YAML key."""
    plain = yaml.safe_dump({name: 0}, allow_unicode=True, width=10_000).rpartition(":")[0]
    return plain.strip()


def shown(value: object) -> str:
    """A value on one line of YAML."""
    return (
        yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
        .removesuffix("...\n")
        .strip()
    )
