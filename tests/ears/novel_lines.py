"""Lines of novels, the same with one fault each, and their sound by a voice, kept in a folder. It judges nothing.

The judge is told the novel's line; the voice spoke the other one.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dotsbook.audio import Samples, read_flac, write_flac
from dotsbook.text.normalise import normalise

TUNED_ON = (  # novels that weights are fitted on; all others are for measuring
    "ARoomWithAView",
    "AlicesAdventuresInWonderland",
    "AnneOfGreenGables",
    "HardTimes",
    "NorthangerAbbey",
    "SenseAndSensibility",
    "TheAwakening",
    "TheGambler",
)
POOL = 240  # lines that are drawn at once; those measured are the first of them
KINDS = ("healthy", "replaced", "dropped", "doubled", "two dropped", "invented", "babble")
SMALL = frozenset(
    re.findall(
        r"\w+",
        """about above after again against all almost also although always among and any are because been before being
    below between both but can cannot could did does doing down during each either ever every few for from further had has
    have having her here hers herself him himself his how however into its itself just least less like made make many may me
    might mine more most much must myself neither never nor not nothing now off often once one only other others ought our
    ours out over own perhaps quite rather said same shall she should since some something soon still such than that the
    their theirs them then there these they this those though through thus till too towards under until upon very was well
    were what when where which while who whom whose why will with within without would yet you your yours""",
    )
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
BROKEN = re.compile(r"\w [sStdm](?= |[,.!?;:]|$)|\w (?:ll|re|ve) ")  # an apostrophe was lost in it
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]


@dataclass(frozen=True)
class FaultyLine:
    """A line as it should be spoken and as it was."""

    text: str
    spoken: str
    kind: str
    words: tuple[int, ...] = ()  # numbers of the words of `text` that are hit; one past the last: after it


def novels_of(corpus: Path, tuned_on: bool) -> list[Path]:
    found = sorted((corpus / "attribution" / "pdnc" / "data").glob("*/novel_text.txt"))
    return [path for path in found if (path.parent.name in TUNED_ON) == tuned_on]


def lines_of(novels: Sequence[Path], count: int, seed: int = 5) -> list[str]:
    """Sentences of 5 to 40 words as they are spoken, the same number of each novel."""
    from sentencex import segment

    dice = random.Random(seed)
    found: list[str] = []
    for path in novels:
        text = decoded(path.read_bytes())
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
        dice.shuffle(paragraphs)
        lines: list[str] = []
        for paragraph in paragraphs:
            if len(lines) >= -(-count // len(novels)):
                break
            for line in segment("en", re.sub(r"[_*\[\]\"“”]", "", paragraph).replace("--", " — ")):
                words = WORD.findall(line)
                if 5 <= len(words) <= 40 and len(line) <= 280 and not line.isupper():
                    lines.append(normalise(line.strip(), "en")[0])
                    break
        found += lines
    dice.shuffle(found)
    return found[:count]


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def is_content(word: str) -> bool:
    return len(word) >= 4 and word.islower() and word.isalpha() and word not in SMALL


def faulty(line: str, kind: str, others: Sequence[str], dice: random.Random) -> FaultyLine | None:
    """The line with one fault; None where it has no place for it."""
    words = list(WORD.finditer(line))
    content = [number for number, word in enumerate(words) if is_content(word[0])]
    if kind == "healthy":
        return FaultyLine(line, line, kind)
    end = len(line.rstrip(".,;:!?—-–'’ )"))
    if kind == "invented":
        return FaultyLine(line, f"{line[:end]} {dice.choice(others)}{line[end:]}", kind, (len(words),))
    if kind == "babble":
        made = " ".join(
            "".join(dice.choices(SYLLABLES, k=dice.randint(1, 3))) for _ in range(dice.randint(2, 3))
        )
        return FaultyLine(line, f"{line[:end]} {made}{line[end:]}", kind, (len(words),))
    if not content:
        return None
    hit = dice.choice(content)
    start, stop = words[hit].span()
    if kind == "replaced":
        other = dice.choice([word for word in others if word[:4] != words[hit][0][:4]])
        return FaultyLine(line, line[:start] + other + line[stop:], kind, (hit,))
    if kind == "dropped":
        return FaultyLine(line, without(line, start, stop), kind, (hit,))
    if kind == "doubled":
        return FaultyLine(line, f"{line[:stop]} {words[hit][0]}{line[stop:]}", kind, (hit,))
    near = [other for other in (hit - 1, hit + 1) if 0 <= other < len(words)]
    first, last = sorted((hit, dice.choice(near)))
    return FaultyLine(line, without(line, words[first].start(), words[last].end()), kind, (first, last))


def without(line: str, start: int, stop: int) -> str:
    return " ".join((line[:start] + line[stop:]).split()).replace(" ,", ",").replace(" .", ".").strip()


def faulty_lines(lines: Sequence[str], kinds: Sequence[str] = KINDS, seed: int = 11) -> Iterator[FaultyLine]:
    """Each line in each kind, but for those that lost their apostrophes."""
    others = sorted({word for line in lines for word in WORD.findall(line) if is_content(word)})
    for number, line in enumerate(lines):
        for kind in kinds if not BROKEN.search(line) else ():
            made = faulty(line, kind, others, random.Random(f"{seed} {number} {kind}"))
            if made:
                yield made


def kept_sound(
    text: str, voice: str, folder: Path, speak: Callable[[str], tuple[Samples, int]]
) -> tuple[Samples, int]:
    """The text's sound, spoken once and kept."""
    path = folder / voice / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.flac"
    if not path.exists():
        samples, rate = speak(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part.flac")
        write_flac(temporary, samples, rate)
        temporary.replace(path)
    return read_flac(path)
