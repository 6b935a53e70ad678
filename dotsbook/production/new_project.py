"""A new project, from a template and, if there is one, a manuscript."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import yaml

from dotsbook.errors import ManifestError, OutputError, SourceError
from dotsbook.files import replacing, sha256_of, write_whole
from dotsbook.production.cover import own_cover
from dotsbook.project import MANIFEST, open_project

if TYPE_CHECKING:
    from dotsbook.voices.spec import EngineSpec

LISTED = ("subtitle", "publisher", "date", "isbn", "description", "copyright", "series", "part")


@dataclass(frozen=True)
class Begun:
    """A project that was made."""

    manifest: Path
    title: str
    author: str
    language: str
    remark: str | None  # what was left out of it, and why
    pull: str | None = None  # the command that fetches what its engine speaks with


def begin(
    folder: Path,
    source: Path | None = None,
    template: str = "novel",
    point: bool = False,
    engine: str = "draft",
) -> Begun:
    """Make a project: a commented book.yaml beside the manuscript. Overwrites nothing.

    point: leave the manuscript where it is and point to it. Raises ManifestError, OutputError, SourceError; VoiceError
    for an engine that there isn't, or that doesn't speak the manuscript's language.
    """
    from dotsbook.voices.catalogue import spec_of

    spec = spec_of(engine)
    shapes = templates()
    if template not in shapes:
        raise ManifestError(f"There is no template {template!r}; there are {', '.join(sorted(shapes))}.")
    manifest = folder / MANIFEST
    if manifest.exists():
        raise OutputError(f"{manifest} is there already and stays as it is; edit it, or name another folder.")
    if source and not source.is_file():
        raise SourceError(
            f"{source} is a folder; name the manuscript itself."
            if source.is_dir()
            else f"There is no manuscript {source}."
        )
    if source and not writable(os.path.abspath(source) if point else source.name):
        raise SourceError(
            f"The name of {source} can't stand in a text file (it isn't UTF-8); rename it first."
        )
    words, remark = fill(folder, shapes[template], source, point, spec)
    open_project(folder)  # what was written must read back
    begun = spec.begins_with(words["language"])
    return Begun(
        manifest, one_line(words["title"]), words["author"], words["language"], remark, pull_of(begun)
    )


def templates() -> dict[str, Path]:
    """The templates by name: inside the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("dotsbook")))
    home = package / "templates" if (package / "templates").is_dir() else package.parent / "templates"
    return {entry.name: entry for entry in home.iterdir() if entry.is_dir()}


def pull_of(begun: Mapping[str, object]) -> str | None:
    """The command that fetches what a manifest begins with."""
    options = begun.get("options")
    if isinstance(options, dict) and "voice" in options:
        if "model" in begun:  # one of a model's presets, which come with it
            return f"hf download {begun['model']}"
        return f"dotsbook voice pull {options['voice']}"
    return f"dotsbook model pull {begun['model']}" if "model" in begun else None


def fill(
    folder: Path, shape: Path, source: Path | None, point: bool, spec: "EngineSpec"
) -> tuple[dict[str, str], str | None]:
    """Write the project's files, book.yaml last: until it stands there is no project.

    Gives what the template was told, and why the manuscript's cover was left out, if it was.
    """
    remark = None
    words = {
        "title": "Untitled",
        "author": "",
        "language": "en",
        "source": "manuscript.md",
        "cover": "",
        "details": "",
    }
    if source:
        told, remark = described(source, folder)
        words |= told
    begun = spec.begins_with(words["language"])  # may refuse the language
    if source is None:
        copy(shape / "manuscript.md", folder / "manuscript.md")
    else:
        words["source"] = os.path.abspath(source) if point else copy(source, folder / source.name).name
    copy(shape / "gitignore", folder / ".gitignore", keep=True)
    copy(shape / "lexicon.yaml", folder / "lexicon.yaml", keep=True)
    quoted = {
        key: value if key in ("cover", "details") else json.dumps(value, ensure_ascii=False)
        for key, value in words.items()
    }
    text = Template((shape / MANIFEST).read_text("utf-8")).substitute(quoted)
    heading = f"# {one_line(words['title'])}:"
    text = text.replace(f"# {quoted['title']}:", heading, 1)
    if spec.name != "draft":
        text = spoken_by(text, spec.name, begun)
    write_whole(folder / MANIFEST, re.sub(r"\n{3,}", "\n\n", text).encode())
    return words, remark


def spoken_by(text: str, engine: str, begun: Mapping[str, object]) -> str:
    """A template's manifest with another engine, and what it begins with."""
    head = yaml.safe_dump({"engine": engine} | dict(begun), sort_keys=False).rstrip()
    if "model" in begun:
        text = re.sub(r"^# model: .*\n", "", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^engine: draft.*$", lambda match: head, text, count=1, flags=re.MULTILINE)


def described(source: Path, folder: Path) -> tuple[dict[str, str], str | None]:
    """What the manuscript says of itself, its cover as a file of the project's; why the cover is left out, if it is."""
    from dotsbook.text.reader import read_details

    details = read_details(source)
    words = {
        "title": details.title or source.stem,
        "author": details.author or "",
        "language": details.language or "en",
    }
    cover, remark = own_cover(details.cover)
    if cover:
        name = "cover.png" if cover.media_type == "image/png" else "cover.jpg"
        if not (folder / name).exists():
            write_whole(folder / name, cover.data)
        words["cover"] = f"  cover: {name}"
    known = {key: value for key in LISTED if (value := details.details.get(key))}
    words["details"] = "\n".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in known.items()
    )
    return words, remark


def copy(source: Path, target: Path, keep: bool = False) -> Path:
    """Copy a file whole. One that stands there already stays; if it differs (and `keep` is off) that is an error."""
    if target.exists():
        if not keep and sha256_of(source) != sha256_of(target):
            raise OutputError(
                f"{target} is there already and differs from {source}; move it away or name another folder."
            )
        return target
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)
    return target


def writable(name: str) -> bool:
    """Whether a path can be written down: one with bytes that are no UTF-8 can't."""
    return name == name.encode("utf-8", "ignore").decode()


def one_line(text: str) -> str:
    return " ".join(text.split())
