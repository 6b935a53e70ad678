"""Voices dealt to people who have none: by gender and by how much they say. It makes no voice but those an engine has
ready."""

from collections.abc import Iterable, Sequence

from dotsbook.book import folded_name
from dotsbook.casting.character import Character
from dotsbook.casting.roster import Roster
from dotsbook.manifest import VoiceEntry
from dotsbook.production.book_voices import slug
from dotsbook.project import Project

OWN = 10  # people who get a voice of their own; the others share
SHARE = 0.01  # of all that is said: who says less shares too
SHARED = {"f": "a-woman", "m": "a-man"}  # the voices that they share
# espeak-ng's variants that are told apart by ear, by gender, and pitches that part one round from the next
DRAFT = {"f": ("f2", "f4", "f5", "f1", "f3"), "m": ("m3", "m1", "m7", "m2", "m5", "m8")}
PITCHES = (50, 62, 38)


class Deal:
    """What a dealing gives: voices by character, and the entries to be added under `voices:`."""

    def __init__(self) -> None:
        self.voices: dict[str, str] = {}
        self.entries: dict[str, dict[str, object]] = {}


def dealt(project: Project, characters: Sequence[Character], roster: Roster) -> Deal:
    """Voices for the characters without one, the likest gender first; those who say little share a voice.

    In the draft voice new entries are made; of other engines, the manifest's voices that nobody has are dealt. Who gets
    none keeps the narrator's.
    """
    deal = Deal()
    cast = {folded_name(name) for one in roster.members if one.voice for name in (one.name, *one.also)}
    cast |= {folded_name(name) for name in project.manifest.cast}
    spoken = sum(one.words for one in characters) or 1
    without = [
        one
        for one in characters
        if not one.is_narrator and not cast & {folded_name(name) for name in (one.name, *one.aliases)}
    ]
    free = FreeVoices(project, roster)
    for number, one in enumerate(without):
        voice = None
        if number < OWN and one.words >= SHARE * spoken:
            voice = free.take(one, deal)
        if voice is None and one.gender:
            voice = free.shared(one.gender, deal)
        if voice is not None:
            deal.voices[one.name] = voice
    return deal


class FreeVoices:
    """The voices that nobody has yet."""

    def __init__(self, project: Project, roster: Roster):
        manifest = project.manifest
        taken = {manifest.default_voice, *manifest.cast.values(), *(one.voice for one in roster.members)}
        self.free = {name: entry for name, entry in manifest.voices.items() if name not in taken}
        self.names = set(manifest.voices)
        self.draft = manifest.engine == "draft"
        self.given = {"f": 0, "m": 0, "": 0}

    def take(self, one: Character, deal: Deal) -> str | None:
        found = next((name for name, entry in self.free.items() if suits(name, entry, one.gender)), None)
        if found is not None:
            del self.free[found]
            return found
        return self.made(name_for(one.name, self.names), one.gender, deal) if self.draft else None

    def shared(self, gender: str, deal: Deal) -> str | None:
        name = SHARED[gender]
        if name in self.names:
            return name
        return self.made(name, gender, deal) if self.draft else None

    def made(self, name: str, gender: str, deal: Deal) -> str:
        """A new draft voice."""
        number = self.given[gender]
        self.given[gender] += 1
        variants = DRAFT.get(gender) or (*DRAFT["m"], *DRAFT["f"])
        entry: dict[str, object] = {
            "variant": variants[number % len(variants)],
            "pitch": PITCHES[number // len(variants) % len(PITCHES)],
        }
        self.names.add(name)
        deal.entries[name] = entry | ({"gender": gender} if gender else {})
        return name


def suits(name: str, entry: VoiceEntry, gender: str) -> bool:
    """Whether a voice may be dealt to somebody of a gender; a voice that says none suits only who has none."""
    said = entry.gender or {"f": "f", "m": "m"}.get((entry.variant or "")[:1], "")
    return said == gender if gender else not said


def name_for(character: str, taken: Iterable[str]) -> str:
    """A voice's name after a character's: "catherine-morland"."""
    word, names, number = slug(character.casefold()), set(taken), 2
    found = word
    while found in names:
        found, number = f"{word}-{number}", number + 1
    return found
