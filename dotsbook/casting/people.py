"""Names to people: which names mean the same person, and whether that is a man or a woman. It knows names and counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

from dotsbook.casting import english
from dotsbook.casting.first_names import first_names
from dotsbook.casting.roster import Roster

MARRIED = ("mrs", "madame", "mme", "frau", "signora", "señora")


@dataclass(frozen=True, slots=True)
class ParsedName:
    title: str  # in small letters, "" = none
    core: tuple[str, ...]  # the name without its titles
    gender: str  # as the title tells

    @property
    def husbands(self) -> bool:
        """Whether it is a wife's by her husband's name: Mrs. John Dashwood."""
        return len(self.core) > 1 and self.title in MARRIED and first_names().get(self.core[0].lower()) == "m"

    @property
    def first(self) -> str:
        """The given name: of two words, or after Sir, Lady, Aunt …"""
        if len(self.core) > 1:
            return "" if self.husbands else self.core[0]
        return self.core[0] if self.core and self.title in GIVEN_AFTER else ""

    @property
    def last(self) -> str:
        alone = self.title and self.title not in GIVEN_AFTER
        return self.core[-1] if len(self.core) > 1 or (self.core and alone) else ""


GIVEN_AFTER = english.words(
    "sir aunt uncle auntie cousin brother sister nurse don king queen prince princess saint st"
)


@cache
def parse(name: str) -> ParsedName:
    parts = name.split()
    at = 0
    title = ""
    gender = ""
    while at < len(parts) and parts[at].lower().rstrip(".") in english.TITLES:
        low = parts[at].lower().rstrip(".")
        title = title or low
        male, female = low in english.MALE_TITLES, low in english.FEMALE_TITLES
        if male != female and low not in english.EITHER_TITLES:
            gender = gender or ("m" if male else "f")
        at += 1
    core = tuple(parts[at:])
    if title in english.LEARNED and core and first_names().get(core[0].lower()) == "f" and len(core) > 1:
        gender = "f"
    if core and core[0] == "of":  # the Dean of Barchester
        core = (" ".join(parts),)
    if core and core[0].lower() == "the":
        core = core[1:]
    return ParsedName(title, core, gender)


@dataclass(slots=True)
class Person:
    """A cluster of names."""

    name: str
    names: Counter[str] = field(default_factory=Counter)  # each with how often it stands in the text
    gender: str = ""
    fixed: bool = False  # a member of the roster: gains names, but isn't merged with another
    nominal: bool = False
    narrator: bool = False

    @property
    def count(self) -> int:
        return sum(self.names.values())


class People:
    """The people of a book, and which of them each name means."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.of: dict[str, int] = {}  # name as in the text → index in people
        self.narrator: int | None = None
        self.by_word: defaultdict[str, set[str]] = defaultdict(set)
        self.capitals: dict[str, int] = {}  # name without them → index in people

    def add(self, name: str, **traits) -> int:
        """A new person; the one who is known already where only capitals differ (a play's QUEEN, the Queen)."""
        index = self.capitals.setdefault(name.casefold(), len(self.people))
        if index == len(self.people):
            self.people.append(Person(name, **traits))
        self.put(name, index)
        return self.of[name]

    def put(self, name: str, index: int) -> None:
        """Lets a name mean a person, unless it already means one."""
        self.of.setdefault(name, index)
        for word in parse(name).core:
            for part in {word, word.rsplit("-", 1)[-1]}:
                self.by_word[part].add(name)

    def like(self, name: str) -> set[str]:
        """The names that share a word with this one."""
        return {other for word in parse(name).core for other in self.by_word.get(word, ())}

    def nominal(self, head: str) -> int:
        """The person known as "the landlord"."""
        name = f"the {head}"
        if name not in self.of:
            gender = "m" if head in english.MEN else "f" if head in english.WOMEN else ""
            if head in english.MEN and head in english.WOMEN:
                gender = ""
            self.add(name, gender=gender, nominal=True)
        return self.of[name]


def spelled(name: str) -> str:
    """A name as the text's mentions spell it: titles without their stop, no article."""
    words = [
        word.rstrip(".") if len(word.rstrip(".")) > 1 or word[-1:] == "." else word for word in name.split()
    ]
    return " ".join(
        words[1:] if words and words[0].lower() in ("the", "a", "an") and len(words) > 1 else words
    )


def people_of(
    counts: Counter[str], persons: set[str], roster: Roster | None = None, told: Counter[str] | None = None
) -> People:
    """Clusters of the names that stand for people.

    persons: names with a sign that somebody is called so; told: how often the narration has each name.
    """
    told = counts if told is None else told
    found = People()
    for member in roster.members if roster else ():
        index = found.add(member.name, gender=member.gender, fixed=True, narrator=member.is_narrator)
        for name in (member.name, *member.also):
            for key in {name, spelled(name), name.lower()}:
                found.put(key, index)
        if member.is_narrator:
            found.narrator = index
    # the members' bare names: Poirot of Hercule Poirot, unless two share it
    shared: defaultdict[str, set[int]] = defaultdict(set)
    for name, index in list(found.of.items()):
        parsed = parse(spelled(name))
        for word in {parsed.first, parsed.last if parsed.gender != "f" or not parsed.title else ""} - {""}:
            shared[word].add(index)
    for word, owners in shared.items():
        if len(owners) == 1 and word[0].isupper() and word in counts:
            found.put(word, next(iter(owners)))
    names = [name for name, _ in counts.most_common() if name in persons and name not in found.of]
    if not (roster and roster.closed):
        gather(found, names, counts, told)
    else:
        join(found, names, counts)
    for name, index in found.of.items():
        if counts[name]:
            found.people[index].names[name] = counts[name]
    for person in found.people:
        settle(person)
    return found


def gather(found: People, names: list[str], counts: Counter[str], told: Counter[str]) -> None:
    """Full names first, then given names, titled last names, other words, each to the person it fits or to a new one."""
    parsed = {name: parse(name) for name in names}
    full = [name for name in names if len(parsed[name].core) > 1]
    short = [name for name in names if len(parsed[name].core) == 1 and parsed[name].title]
    bare = [name for name in names if len(parsed[name].core) == 1 and not parsed[name].title]
    given = [name for name in bare if any(parsed[other].first == name for other in full)]
    bare = [name for name in bare if name not in given]
    for name in full + given + short + bare:
        index = owner(found, name, parsed[name], counts, told)
        if index is None:
            found.add(name, gender=parsed[name].gender)
        else:
            found.put(name, index)
            person = found.people[index]
            person.gender = person.gender or parsed[name].gender
        person = found.people[found.of[name]]
        person.names[name] = counts[name]
    titles_alone(found, names, counts, True)


def titles_alone(found: People, names: list[str], counts: Counter[str], new: bool) -> None:
    """ "the Captain", "Mademoiselle": who mostly bears the title; else, where people may be new, somebody of their own."""
    weight: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for other, index in found.of.items():
        if parse(other).core and parse(other).title:
            weight[parse(other).title][index] += counts[other]
    for name in names:
        parsed = parse(name)
        if parsed.core:
            continue
        holders = weight[parsed.title]
        best = max(holders, key=lambda index: holders[index], default=None)
        if best is not None and 4 * holders[best] >= 3 * holders.total():
            found.put(name, best)
        elif new:
            found.add(name, gender=parsed.gender)


def join(found: People, names: list[str], counts: Counter[str]) -> None:
    """The same where nobody but the roster's members speaks: names that fit none of them mean nobody."""
    for name in names:
        index = owner(found, name, parse(name), counts)
        if index is not None:
            found.put(name, index)
    titles_alone(found, names, counts, False)


def owner(
    found: People, name: str, parsed: ParsedName, counts: Counter[str], told: Counter[str] | None = None
) -> int | None:
    """Who of those known a name means; None = nobody, or one can't tell."""
    fits: Counter[int] = Counter()
    for other in found.like(name):
        index = found.of[other]
        person = found.people[index]
        if person.nominal:
            continue
        weight = match(parsed, other, parse(other), person, counts[name])
        if (
            weight
            and told is not None
            and not person.fixed
            and apart(name, parsed, other, person, counts, told)
        ):
            weight = 0
        if weight:
            fits[index] = max(fits[index], weight * 1_000_000 + counts[other])
    if not fits:
        return None
    ranked = fits.most_common(2)
    best, score = ranked[0]
    if len(ranked) == 2:
        second = ranked[1][1]
        if score // 1_000_000 == second // 1_000_000 and score % 1_000_000 < 3 * (second % 1_000_000):
            # two people might be meant: a bare name goes to the more frequent one, a titled one stands alone
            return best if not parsed.title else None
    return best


OFTEN = 8  # times that a name must stand in a book for it not to be a slip or a courtesy
SINGLE = ("miss", "mademoiselle", "mlle")


def apart(
    name: str, parsed: ParsedName, other: str, person: Person, counts: Counter[str], told: Counter[str]
) -> bool:
    """Whether a book tells a titled surname from one of that family who has a given name: by how it uses both."""
    if not parsed.title or len(parsed.core) != 1 or parsed.title in GIVEN_AFTER:
        return False
    surname, given = parsed.core[0], parse(other).first
    titles = Counter[str]()
    for known in person.names:
        if parse(known).title and parse(known).title not in GIVEN_AFTER:
            titles[parse(known).title] += person.names[known]
    rivals = {title for title, count in titles.items() if count >= OFTEN} - {parsed.title}
    if counts[name] >= OFTEN and rivals and not {parsed.title, *rivals} <= english.LEARNED | {"mr"}:
        return True  # Captain Tilney isn't General Tilney
    if not given or given == surname:
        return False
    if parsed.title in MARRIED:  # Mrs. Miller isn't Daisy Miller, who is Miss Miller
        return any(counts[f"Miss {one}"] for one in (surname, given, f"{given} {surname}"))
    formal = f"{parsed.title.capitalize()} {given}"
    called_so = counts[formal] * (parsed.title in SINGLE) + counts[f"{formal} {surname}"]
    if called_so >= 3 and called_so * 10 >= counts[name]:
        return True  # who must be called Mr. John Knightley isn't Mr. Knightley
    return parsed.title == "mr" and told[given] >= OFTEN and told[name] >= OFTEN


def match(parsed: ParsedName, other: str, known: ParsedName, person: Person, count: int) -> int:
    """How well a name fits one of a person's names: 0 = not."""
    if (
        not parsed.core
        or not known.core
        or (parsed.gender and person.gender and parsed.gender != person.gender)
    ):
        return 0
    if parsed.husbands != known.husbands and len(parsed.core) == len(known.core):
        return 0
    given = first_names().get(parsed.core[0].lower(), "")
    if len(parsed.core) == 1 and not parsed.title and known.title in MARRIED and len(known.core) == 1:
        return 0  # "Hall" is Mrs. Hall's husband
    if parsed.core == known.core:
        if not parsed.title and known.gender == "f":
            return 1  # "Thorpe" is rather John Thorpe than Miss Thorpe
        return 3 if compatible(parsed, known) else 0
    if len(parsed.core) == 1 and not parsed.title:  # a bare word: given name or surname
        word = parsed.core[0]
        if word == known.first:
            return 3
        if word == known.last and (len(known.core) > 1 or known.title):
            if given:
                return 0
            gender = known.gender or first_names().get(known.first.lower(), "")
            return 2 if gender == "m" else 1
        return 1 if other.endswith(f"-{word}") and len(word) > 3 else 0  # Pooh of Winnie-the-Pooh
    if len(parsed.core) == 1:
        word = parsed.core[0]
        if parsed.title in GIVEN_AFTER:
            return 2 if word == known.first and (known.title != parsed.title or len(known.core) > 1) else 0
        if (
            word == known.first
            and len(known.core) > 1
            and parsed.title in ("miss", "mr", "master", "mlle", "mademoiselle")
        ):
            return 2 if given else 0
        if word == known.last and len(known.core) > 1 and compatible(parsed, known):
            sort = first_names().get(known.first.lower(), "")
            if parsed.gender and sort and sort != parsed.gender:
                return 0
            if (
                parsed.title in MARRIED
            ):  # a wife's own name, or a daughter's? The narrator uses a heroine's own often
                own = person.names[other] + person.names[known.first]
                return 1 if own * 3 >= count and own > 5 else 0
            return 1
        return 0
    if len(known.core) == 1 and known.title and known.core[0] == parsed.core[-1]:
        sort = parsed.gender or first_names().get(parsed.first.lower(), "")
        if known.gender and sort and known.gender != sort or not compatible(parsed, known):
            return 0
        return 1
    if parsed.first == known.first and parsed.last == known.last:
        return 3 if compatible(parsed, known) else 0
    return 0


def compatible(one: ParsedName, other: ParsedName) -> bool:
    """Whether one person may bear both titles."""
    if one.gender and other.gender and one.gender != other.gender:
        return False
    pair = {one.title, other.title}
    return not (pair & {"miss", "mademoiselle", "mlle"} and pair & set(MARRIED)) and not (
        "lady" in pair and "mrs" in pair
    )


def settle(person: Person) -> None:
    """The gender as its names tell, and the name it is listed under."""
    votes: Counter[str] = Counter()
    for name, count in person.names.items():
        parsed = parse(name)
        if parsed.gender:
            votes[parsed.gender] += 3 * count
        elif parsed.first or len(parsed.core) == 1:
            gender = first_names().get((parsed.first or parsed.core[0]).lower(), "")
            if gender:
                votes[gender] += count
    if not person.gender and votes:
        person.gender = votes.most_common(1)[0][0]
    if not person.fixed and person.names:
        most = max(person.names.values())
        common = [name for name, count in person.names.items() if count * 5 >= most]
        person.name = max(common, key=lambda name: (len(parse(name).core), person.names[name]))
