"""A finished read-along, opened again: are all spans there, all clips inside their audio, all durations what they sum to?"""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from dotsbook.errors import EncodeError
from dotsbook.master.mastering import Mastering
from dotsbook.master.meter import Measured
from dotsbook.master.proof import ProofRow, equal, sound_rows
from dotsbook.master.readalong.manuscript import Element, local
from dotsbook.master.readalong.opf import target

PLACED = 0.9  # share of sentences that must have been found in the documents
ACTIVE = re.compile(r"^\s*(javascript|vbscript|data:text)", re.I)


def rows_of(
    path: Path, mastering: Mastering, package: str, spans: Mapping[str, list], heard: list[Measured]
) -> list[ProofRow]:
    """Rows of everything; raises EncodeError where the file can't even be read."""
    tracks = mastering.timeline.tracks
    chunks = [placed.voiced.chunk.id for track in tracks for placed in track.placements]
    placed, found = len(chunks), sum(chunk in spans for chunk in chunks)
    rows = [ProofRow("sentences found in the text", str(placed), str(found), found >= PLACED * placed)]
    try:
        with zipfile.ZipFile(path) as archive:
            first = archive.infolist()[0]
            rows.append(
                equal(
                    "first entry",
                    "mimetype, stored",
                    f"{first.filename}, {'stored' if not first.compress_type else 'packed'}",
                )
            )
            rows.append(equal("damaged entries", None, archive.testzip()))
            rows += package_rows(
                archive, package, {index: part.samples / part.rate for index, part in enumerate(heard)}
            )
    except (zipfile.BadZipFile, KeyError, IndexError) as error:
        raise EncodeError(f"{path.name} can't be opened again ({error}); it was not kept.") from error
    return rows + sound_rows(
        [([track], part) for track, part in zip(tracks, heard, strict=True)],
        mastering.timeline.rate,
        mastering.levels,
    )


def package_rows(archive: zipfile.ZipFile, name: str, lengths: Mapping[int, float]) -> list[ProofRow]:
    """lengths: s of the audio files, in their order."""
    root = parsed(archive, name)
    items = {node.get("id") or "": node for node in root.iter("{*}item")}
    missing = [
        node.get("href")
        for node in items.values()
        if target(name, node.get("href") or "") not in archive.namelist()
    ]
    sounds = sorted(
        target(name, node.get("href") or "")
        for node in items.values()
        if (node.get("id") or "").startswith("dotsbook-audio")
    )
    ends = {sound: lengths[index] for index, sound in enumerate(sounds)}
    totals: dict[str, int] = {}
    lost: list[str] = []
    outside: list[str] = []
    runs = 0
    for node in items.values():
        if node.get("media-type") == "application/xhtml+xml":
            document = target(name, node.get("href") or "")
            tree = parsed(archive, document)
            runs += active(tree)
            if over := node.get("media-overlay"):
                overlay = target(name, items[over].get("href") or "")
                clips = clips_of(parsed(archive, overlay), overlay)
                ids = {inner.get("id") for inner in tree.iter("*")}
                lost += [anchor for place, anchor, *_ in clips if place != document or anchor not in ids]
                outside += [
                    anchor
                    for _, anchor, sound, begin, end in clips
                    if not 0 <= begin < end <= ends.get(sound, 0) + 0.0015
                ]
                totals[over] = sum(round((end - begin) * 1000) for *_, begin, end in clips)
    said = {
        (node.get("refines") or "").lstrip("#"): seconds(node.text or "")
        for node in root.iter("{*}meta")
        if node.get("property") == "media:duration"
    }
    whole = said.pop("", 0.0)
    audio = sum(lengths.values())
    return [
        equal("files missing of the manifest", [], missing),
        ProofRow("spans of the overlays", "all there", f"{len(lost)} missing", not lost),
        ProofRow("clips outside their audio", "0", str(len(outside)), not outside),
        ProofRow("scripts and handlers", "0", str(runs), not runs),
        ProofRow(
            "durations of the overlays",
            "as their clips",
            "as their clips" if said == {key: ms / 1000 for key, ms in totals.items()} else "others",
            said == {key: ms / 1000 for key, ms in totals.items()},
        ),
        ProofRow(
            "duration in all",
            f"{sum(totals.values()) / 1000:.3f} s, the audio {audio:.3f} s",
            f"{whole:.3f} s",
            abs(whole - sum(totals.values()) / 1000) < 0.0005 and abs(whole - audio) <= 0.05 * len(lengths),
        ),
    ]


def parsed(archive: zipfile.ZipFile, name: str) -> Element:
    from lxml import etree

    try:
        return etree.fromstring(
            archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.XMLSyntaxError as error:
        raise EncodeError(
            f"{name} in the read-along isn't well-formed ({error}); it was not kept."
        ) from error


def clips_of(root: Element, base: str) -> list[tuple[str, str, str, float, float]]:
    """(document, id, audio, begin, end) of each par."""
    made = []
    for par in root.iter("{*}par"):
        text, audio = (dict(next(par.iter(f"{{*}}{name}")).items()) for name in ("text", "audio"))
        place, sound = str(text["src"]), str(audio["src"])
        begin, end = (seconds(str(audio[key])) for key in ("clipBegin", "clipEnd"))
        made.append((target(base, place), place.partition("#")[2], target(base, sound), begin, end))
    return made


def active(root: Element) -> int:
    """How much in a tree could run."""
    return sum(
        local(node.tag).lower() == "script"
        or any(local(key).lower().startswith("on") or ACTIVE.match(str(value)) for key, value in node.items())
        for node in root.iter("*")
    )


def seconds(time: str) -> float:
    hours, minutes, rest = time.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(rest), 3)
