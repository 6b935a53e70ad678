"""Edits of `book.yaml` that leave every other line of it as it is, comments included. It knows YAML's lines, no voices.

The text is changed, parsed again, and compared with what was wanted, before it takes the file's place in one go.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.manifest import Manifest, load_manifest
from dotsbook.yaml_file import Plain

BOM = "\ufeff"
NARRATOR = "narrator"  # the voice a manifest without `voices:` has


def set_voice(file: Path, name: str, fields: Mapping[str, object]) -> Manifest:
    """Add `fields` to the voice `name`, which is made if it isn't there; the manifest as it is now."""

    def wanted(manifest: Manifest) -> Manifest:
        entry = manifest.voices[name].model_dump(exclude_unset=True) if name in manifest.voices else {}
        data = manifest.model_dump(exclude_unset=True)
        return Manifest.model_validate(
            data | {"voices": data.get("voices", {NARRATOR: {}}) | {name: entry | dict(fields)}}
        )

    return edit(file, lambda text: with_voice(text, name, fields), wanted)


def set_reference(file: Path, name: str, emotion: str, fields: Mapping[str, object]) -> Manifest:
    """Add a recording of an emotion to the voice `name`, which is there; the manifest as it is now."""

    def wanted(manifest: Manifest) -> Manifest:
        data = manifest.model_dump(exclude_unset=True)
        entry = data["voices"][name]
        entry["references"] = entry.get("references", {}) | {emotion: dict(fields)}
        return Manifest.model_validate(data)

    return edit(file, lambda text: with_reference(text, name, emotion, fields), wanted)


def drop_voice(file: Path, name: str) -> Manifest:
    """Take the voice `name` out; the manifest as it is now."""

    def wanted(manifest: Manifest) -> Manifest:
        data = manifest.model_dump(exclude_unset=True)
        left = {key: value for key, value in data["voices"].items() if key != name}
        return Manifest.model_validate(data | {"voices": left})

    return edit(file, lambda text: without_voice(text, name), wanted)


def edit(file: Path, change: Callable[[str], str], wanted: Callable[[Manifest], Manifest]) -> Manifest:
    """Change the file's text; ManifestError, and nothing written, if it then says anything but what was wanted."""
    before = load_manifest(file)
    raw = file.read_bytes().decode("utf-8")
    mark, text = (BOM, raw[1:]) if raw.startswith(BOM) else ("", raw)
    crlf = "\r\n" in text
    changed = change(text.replace("\r\n", "\n"))
    changed = mark + (changed.replace("\n", "\r\n") if crlf else changed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / file.name
        trial.write_bytes(changed.encode())
        after = load_manifest(trial)
    if after.model_dump() != wanted(before).model_dump():
        raise ManifestError(
            f"{file} can't be edited safely as it is written; make the change under `voices:` by hand."
        )
    write_through(file, changed.encode())
    return after


def with_voice(text: str, name: str, fields: Mapping[str, object]) -> str:
    voices = child(yaml.compose(text, Loader=Plain), "voices")
    if voices is None:
        return text.rstrip("\n") + "\nvoices:\n" + block({NARRATOR: {}} | {name: dict(fields)}, 2)
    _, value = voices
    if not isinstance(value, yaml.MappingNode):
        return replaced(text, value, f" {{{json.dumps(name, ensure_ascii=False)}: {{{flow(fields)}}}}}")
    found = child(value, name)
    if found is None:
        if value.flow_style:
            return into_braces(text, value, f"{json.dumps(name, ensure_ascii=False)}: {{{flow(fields)}}}")
        return below(text, value, block({name: dict(fields)}, value.value[0][0].start_mark.column))
    key, entry = found
    if isinstance(entry, yaml.MappingNode) and entry.value and not entry.flow_style:
        return below(text, entry, block(dict(fields), entry.value[0][0].start_mark.column))
    if isinstance(entry, yaml.MappingNode):
        return into_braces(text, entry, flow(fields))
    return replaced(text, entry, f" {{{flow(fields)}}}")


def with_reference(text: str, name: str, emotion: str, fields: Mapping[str, object]) -> str:
    found = child(yaml.compose(text, Loader=Plain), "voices")
    voice = child(found[1], name) if found else None
    references = child(voice[1], "references") if voice else None
    if references is None or not isinstance(references[1], yaml.MappingNode) or not references[1].value:
        return with_voice(text, name, {"references": {emotion: dict(fields)}})
    value = references[1]
    if value.flow_style:
        return into_braces(text, value, f"{json.dumps(emotion, ensure_ascii=False)}: {{{flow(fields)}}}")
    return below(text, value, block({emotion: dict(fields)}, value.value[0][0].start_mark.column))


def without_voice(text: str, name: str) -> str:
    found = child(yaml.compose(text, Loader=Plain), "voices")
    voice = child(found[1], name) if found else None
    if found is None or voice is None:
        raise ManifestError(f"There is no voice `{name}` under `voices:`.")
    voices, (key, entry) = found[1], voice
    if not getattr(voices, "flow_style", False):
        lines = text.splitlines(keepends=True)
        del lines[key.start_mark.line : last_line(text, key, entry) + 1]
        return "".join(lines)
    start, end = key.start_mark.index, entry.end_mark.index
    after = text[end:].lstrip()
    if after.startswith(","):
        return text[:start] + after[1:].lstrip()
    return text[:start].rstrip().removesuffix(",") + text[end:]


def child(mapping: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = mapping.value if isinstance(mapping, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), None)


def block(data: dict, indent: int) -> str:
    """YAML lines of `data`, each `indent` columns in."""
    lines = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False)
    return "".join(f"{' ' * indent}{line}\n" for line in lines.splitlines())


def flow(fields: Mapping[str, object]) -> str:
    return ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())


def into_braces(text: str, node: yaml.Node, words: str) -> str:
    """`words` as the last entry of a mapping in braces."""
    close = node.end_mark.index - 1
    inside = text[node.start_mark.index + 1 : close].rstrip().rstrip(",").rstrip()
    joint = ", " if inside.strip() else ""
    return text[: node.start_mark.index + 1] + inside + joint + words + text[close:]


def replaced(text: str, node: yaml.Node, words: str) -> str:
    """`words` in the place of an empty value; what follows on its line stays."""
    start = node.start_mark.index
    return text[:start].rstrip(" ") + words + text[node.end_mark.index :]


def below(text: str, mapping: yaml.Node, lines: str) -> str:
    """`lines` after the last line of a mapping in block style, before the comments and blanks that follow it."""
    at = last_line(text, *mapping.value[-1]) + 1
    whole = text.splitlines(keepends=True)
    if whole and not whole[-1].endswith("\n"):
        whole[-1] += "\n"
    return "".join([*whole[:at], lines, *whole[at:]])


def last_line(text: str, key: yaml.Node, value: yaml.Node) -> int:
    """The line on which an entry of a block mapping ends; blanks and comments after it are not its own."""
    if (
        isinstance(value, yaml.ScalarNode)
        and value.style not in ("|", ">")
        or getattr(value, "flow_style", False)
    ):
        return max(key.start_mark.line, value.end_mark.line)
    lines = text.splitlines()
    at = (
        min(value.end_mark.line, len(lines) - 1)
        if value.end_mark.column
        else min(value.end_mark.line, len(lines)) - 1
    )
    if value.end_mark.column and value.end_mark.line > key.start_mark.line:  # the mark stands on what follows
        at = value.end_mark.line - 1
    while at > key.start_mark.line and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
        at -= 1
    return at


def set_casting(file: Path, threshold: float) -> Manifest:
    """Add `casting: {threshold: …}`, which must not be there yet; the manifest as it is now."""
    return append(file, "casting", {"threshold": threshold}, f"{{threshold: {threshold}}}")


def set_lexicon(file: Path, name: str) -> Manifest:
    """Add `lexicon: …`, which must not be there yet; the manifest as it is now."""
    return append(file, "lexicon", name, name)


def append(file: Path, key: str, value: object, written: str) -> Manifest:
    """A new line at the end of the file."""

    def wanted(manifest: Manifest) -> Manifest:
        return Manifest.model_validate(manifest.model_dump(exclude_unset=True) | {key: value})

    return edit(file, lambda text: f"{text.rstrip()}\n{key}: {written}\n", wanted)


def set_cast(file: Path, character: str, voice: str) -> Manifest:
    """Give a character of the manifest's `cast:` a voice; the manifest as it is now."""

    def wanted(manifest: Manifest) -> Manifest:
        data = manifest.model_dump(exclude_unset=True)
        return Manifest.model_validate(data | {"cast": data.get("cast", {}) | {character: voice}})

    return edit(file, lambda text: with_cast(text, character, voice), wanted)


def with_cast(text: str, character: str, voice: str) -> str:
    found = child(yaml.compose(text, Loader=Plain), "cast")
    if found is None:
        return text.rstrip("\n") + "\ncast:\n" + block({character: voice}, 2)
    _, cast = found
    there = child(cast, character)
    if there:
        start, end = there[1].start_mark.index, there[1].end_mark.index
        return text[:start] + json.dumps(voice, ensure_ascii=False) + text[end:]
    if not isinstance(cast, yaml.MappingNode):
        return replaced(text, cast, f" {{{flow({character: voice})}}}")
    if cast.flow_style:
        return into_braces(text, cast, flow({json.dumps(character, ensure_ascii=False): voice}))
    return below(text, cast, block({character: voice}, cast.value[0][0].start_mark.column))
