"""The people of a book and their voices: cast.yaml, that of the series, and the manifest's own `cast`."""

import difflib

from dotsbook.book import folded_name
from dotsbook.casting.roster import Member, Roster
from dotsbook.casting.roster_file import load_roster
from dotsbook.errors import ManifestError
from dotsbook.manifest import Manifest
from dotsbook.project import Project

DEFAULT = "default"  # in cast.yaml: the narrator's voice


def roster_of(project: Project) -> Roster:
    """The book's roster: its own people, and those of the series that it doesn't name. Raises ManifestError."""
    own = load_roster(project.cast_file)
    series = load_roster(project.series_cast) if project.series_cast else Roster()
    known = {folded_name(name) for one in own.members for name in (one.name, *one.also)}
    has_narrator = any(one.is_narrator for one in own.members)
    added = tuple(
        Member(one.name, one.also, one.gender, one.voice, one.is_narrator and not has_narrator)
        for one in series.members
        if not known & {folded_name(name) for name in (one.name, *one.also)}
    )
    roster = Roster((*own.members, *added))
    for member in roster.members:
        check_voice(project, member)
    return roster


def check_voice(project: Project, member: Member) -> None:
    """A voice that the roster names is one of the manifest's."""
    voices = project.manifest.voices
    if member.voice and member.voice != DEFAULT and member.voice not in voices:
        near = difflib.get_close_matches(member.voice, voices, 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"enrolled are {', '.join(voices)}."
        raise ManifestError(
            f"{project.cast_file}: {member.name} has the voice `{member.voice}`, which isn't under `voices:` in "
            f"{project.file.name}; {hint}"
        )


def cast_manifest(project: Project) -> Manifest:
    """The manifest with the roster's voices in its cast, under every name of each person. The manifest's own come first."""
    manifest = project.manifest
    own = {folded_name(name) for name in manifest.cast}
    names: dict[str, str] = {}
    for member in roster_of(project).members:
        called = {folded_name(name) for name in (member.name, *member.also)}
        cast = next(
            (voice for name, voice in manifest.cast.items() if folded_name(name) in called), member.voice
        )
        voice = manifest.default_voice if cast == DEFAULT else cast
        if voice:
            names |= {name: voice for name in (member.name, *member.also) if folded_name(name) not in own}
    return manifest.model_copy(update={"cast": names | manifest.cast}) if names else manifest
