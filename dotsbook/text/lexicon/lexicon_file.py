"""`lexicon.yaml`: how names and odd words are said. It knows words and their edges in every script, not sounds.

    Siobhan: shi-VAWN                                   # as written; also SIOBHAN, Siobhan's
    Dr.: Drive                                          # beats the normaliser, which says Doctor
    read: {say: red, voice: mara, case: exact}          # long form: say, language, voice, case, regex
    重庆: chóng庆                                        # pinyin with its tone mark, in place of the character
    Paris: [{say: pa-REE, language: fr}, {say: PAR-iss, language: en}]
    '(\\d+)x(\\d+)': {say: '\\1 by \\2', regex: true}

The longest entry wins where several fit, then the one that asks for more (a voice, a language). An entry is never
found inside a word: `can` isn't in `can't`, `アン` not in `アンナ`. Without `case`, a word is found as written, at a
sentence's head with a capital, and all in capitals; `exact` wants it as written, `any` takes every case. Possessives
and contractions (`Siobhan's`), elisions before a word (`l'Élodie`), Arabic prefixes (و ف ب ك ل ال) and Korean
particles may cling to it and are left as they are. Chinese, Japanese kanji and Thai have no spaces: an entry there is
found wherever its characters stand together, so write the whole word.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dotsbook.errors import ManifestError
from dotsbook.text.languages import base, canonical, script
from dotsbook.text.lexicon.patterns import read_pattern
from dotsbook.text.lexicon.pinyin import toned
from dotsbook.text.normalise.change import Change
from dotsbook.yaml_file import load_yaml

KEYS = ("say", "language", "voice", "case", "regex")
CASES = ("exact", "any")
MARKS = (  # vowel signs and accents that Python doesn't count as part of a word
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06ed\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0b01-\u0b03\u0b3c-\u0b57\u0bbe-\u0bcd\u0c00-\u0c03\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d4d"
)
WORDISH = re.compile(rf"[\w{MARKS}]")
THAI_MARKS = re.compile(
    "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3]"
)
KATAKANA = re.compile("[\u30a1-\u30ff\uff66-\uff9f]")
HANGUL = re.compile("[\uac00-\ud7a3]")
PARTICLE = re.compile(
    "(?:은|는|이|가|을|를|의|에|와|과|도|만|로|으로|님|씨|아|야|들|께|랑|이랑|한테|까지|부터|처럼|보다|라고|이라|라는|이다|였다|이여|여)"
)
ARABIC_PREFIX = re.compile("[وف]?[بكلس]?(?:ال|لل)?")
ELISION = re.compile(
    r"(?:^|[^\w])(?:[cdjlmnstCDJLMNST]|[qQ]u|jusqu|lorsqu|puisqu|quelqu|presqu|quoiqu|Jusqu|Lorsqu|Puisqu|un|Un|[dsnc]?[aeo]ll|[Aa]ll|[DdNn]ell|[Ss]ull|[Qq]uest|[Qq]uell|[Bb]ell|[Ss]ant)$"
)
CLITIC = re.compile(r"'(?:s|d|ll|ve|re|m|S|D|LL|VE|RE|M)?(?!\w)")
SPACES = "\t\n\r\x0b\x0c\u00a0\u2002\u2003\u2009\u202f\u3000"
SAME = str.maketrans("’\u02bc‑\u2010" + SPACES, "''--" + " " * len(SPACES))


@dataclass(frozen=True)
class LexiconEntry:
    """One reading of one word, phrase or pattern."""

    word: str
    say: str
    language: str | None = None  # base code
    voice: str | None = None
    case: str | None = None  # None: as written, capitalised, in capitals
    pattern: re.Pattern | None = None
    line: int = 0

    def fits(self, language: str, voice: str) -> bool:
        return self.language in (None, base(language)) and self.voice in (None, voice)

    @property
    def rank(self) -> tuple:
        """Entries in this order are tried: the longest first, then the one that asks for most."""
        return (-len(self.word), self.voice is None, self.language is None, self.case != "exact")

    def forms(self) -> set[str]:
        """What to look for, apostrophes and spaces made alike."""
        plain = unicodedata.normalize("NFC", self.word).translate(SAME)
        forms = {plain}
        if self.case is None:
            forms |= {
                plain[:1].upper() + plain[1:],
                plain.upper() if len(plain.upper()) == len(plain) else plain,
            }
        if self.case == "any":
            forms = {plain.lower()}
        return forms | {unicodedata.normalize("NFD", form) for form in forms}


@dataclass(frozen=True)
class Lexicon:
    """All entries of a lexicon, in the order they are tried."""

    entries: tuple[LexiconEntry, ...] = ()
    index: dict[str, list[tuple[str, LexiconEntry]]] = field(default_factory=dict, compare=False, repr=False)
    starts: re.Pattern | None = field(default=None, compare=False, repr=False)
    patterns: tuple[LexiconEntry, ...] = field(default=(), compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def readings(self, text: str, language: str, voice: str) -> list[Change]:
        """The readings that apply in `text`, sorted, none overlapping another."""
        found = self.words(self.starts, text, language, voice) if self.starts else []
        for entry in self.patterns:
            if entry.pattern and entry.fits(language, voice):
                for match in entry.pattern.finditer(text):
                    if match.end() > match.start() and not any(
                        kept.start < match.end() and kept.end > match.start() for kept in found
                    ):
                        found.append(
                            Change(
                                match.start(), match.end(), match.group(), match.expand(entry.say), "lexicon"
                            )
                        )
        return sorted(found)

    def words(self, starts: re.Pattern, text: str, language: str, voice: str) -> list[Change]:
        alike = text.translate(SAME)
        found, free = [], 0
        for start in starts.finditer(alike):
            at = start.start()
            if at < free:
                continue
            for form, entry in self.index[alike[at]]:
                end = at + len(form)
                here = alike[at:end]
                if (
                    (here == form or (entry.case == "any" and here.lower() == form))
                    and entry.fits(language, voice)
                    and apart(alike, at, end, entry)
                ):
                    found.append(Change(at, end, text[at:end], entry.say, "lexicon"))
                    free = end
                    break
        return found


def build(entries: Iterable[LexiconEntry]) -> Lexicon:
    """A lexicon of these entries, ready to be looked up."""
    ordered = sorted(entries, key=lambda entry: entry.rank)
    index: dict[str, list[tuple[str, LexiconEntry]]] = {}
    anchored: set[str] = set()
    free: set[str] = set()
    for entry in ordered:
        if entry.pattern:
            continue
        for form in sorted(entry.forms()):
            for first in {form[0], form[0].upper(), form[0].lower()} if entry.case == "any" else {form[0]}:
                if len(first) == 1:
                    index.setdefault(first, []).append((form, entry))
                    (anchored if edged(form) else free).add(first)
    choices = []
    if anchored:
        choices.append(rf"(?<!\w)[{''.join(map(re.escape, sorted(anchored)))}]")
    if free:
        choices.append(f"[{''.join(map(re.escape, sorted(free)))}]")
    starts = re.compile("|".join(choices)) if choices else None
    return Lexicon(tuple(ordered), index, starts, tuple(entry for entry in ordered if entry.pattern))


def edged(form: str) -> bool:
    """Whether a form can only begin where no word goes on: its first letter is of a script that spaces its words."""
    return form[0].isalnum() and script(form[0]) not in ("han", "kana", "thai", "arabic")


def apart(text: str, start: int, end: int, entry: LexiconEntry) -> bool:
    """Whether the slice stands by itself and not inside a word."""
    return clear_left(text, start, entry) and clear_right(text, end, entry)


def clear_left(text: str, start: int, entry: LexiconEntry) -> bool:
    first, before = text[start], text[start - 1 : start]
    if not before or not WORDISH.match(first):
        return True
    kind = script(first)
    if kind == "thai" or (kind in ("han", "kana") and not KATAKANA.match(first)):
        return True
    if KATAKANA.match(first):
        return not KATAKANA.match(before)
    if kind == "arabic":
        found = re.search(rf"[\w{MARKS}]+$", text[:start])
        return found is None or (
            base(entry.language or "ar") in ("ar", "fa", "ur")
            and ARABIC_PREFIX.fullmatch(found.group()) is not None
        )
    if WORDISH.match(before):
        return script(before) in ("han", "kana", "thai", "hangul") != kind
    if before == "'" and start > 1 and WORDISH.match(text[start - 2]):
        return ELISION.search(text[: start - 1]) is not None
    return before != "-" or entry.word[:1].isupper() or not WORDISH.match(text[start - 2 : start - 1] or " ")


def clear_right(text: str, end: int, entry: LexiconEntry) -> bool:
    last, after = text[end - 1], text[end : end + 1]
    if not after or not WORDISH.match(last):
        return True
    kind = script(last)
    if kind == "thai":
        return not THAI_MARKS.match(after)
    if KATAKANA.match(last):
        return not KATAKANA.match(after)
    if kind in ("han", "kana"):
        return True
    if HANGUL.match(last):
        return not HANGUL.match(after) or PARTICLE.match(text, end) is not None
    if WORDISH.match(after):
        return script(after) in ("han", "kana", "thai", "hangul") and not after.isdigit()
    if after == "'":
        return CLITIC.match(text, end) is not None or not WORDISH.match(text[end + 1 : end + 2] or " ")
    return after != "-" or entry.word[:1].isupper() or not WORDISH.match(text[end + 1 : end + 2] or " ")


def load_lexicon(path: Path, voices: Iterable[str] | None = None) -> Lexicon:
    """Read and check a lexicon. ManifestError names the line of what is wrong."""
    data, lines = load_yaml(path)
    if data is None:
        return Lexicon()
    if not isinstance(data, dict):
        raise ManifestError(f"{path} line 1: a lexicon is a list of `word: how to say it` lines.")
    entries = []
    for word, value in data.items():
        many = isinstance(value, list)
        for number, item in enumerate(value if many else [value]):
            at = (word, number) if many else (word,)
            entries.append(read_entry(path, lines, at, word, item, None if voices is None else list(voices)))
    return build(entries)


def read_entry(
    path: Path, lines: dict, at: tuple, word: str, item: object, voices: list[str] | None
) -> LexiconEntry:
    line = lines.get(at, lines.get(at[:1], 1))
    place = f"{path} line {line}"
    if not word.strip():
        raise ManifestError(
            f"{place}: the word of this entry is empty; write the word that is to be said otherwise."
        )
    if not isinstance(item, dict):
        item = {"say": item}
    for key in item:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(KEYS)}."
            raise ManifestError(
                f"{path} line {lines.get((*at, key), line)}: unknown key `{key}` in the entry for {word!r}; {hint}"
            )
    say = item.get("say")
    if isinstance(say, bool | list | dict) or say is None or not str(say).strip():
        raise ManifestError(
            f"{place}: {word!r} has nothing to `say`; a lexicon changes how a word is said, not whether."
        )
    case, regex, voice = item.get("case"), item.get("regex", False), item.get("voice")
    if case is not None and case not in CASES:
        raise ManifestError(
            f"{path} line {lines.get((*at, 'case'), line)}: `case` of {word!r} can't be {str(case)[:40]!r}; "
            "it is `exact` or `any`."
        )
    if not isinstance(regex, bool):
        raise ManifestError(
            f"{path} line {lines.get((*at, 'regex'), line)}: `regex` of {word!r} can't be {str(regex)[:40]!r}; "
            "it is `true` or `false`."
        )
    if voice is not None and (not isinstance(voice, str) or (voices is not None and voice not in voices)):
        near = difflib.get_close_matches(str(voice), voices or [], 1, 0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"enrolled are {', '.join(voices or ['none'])}."
        raise ManifestError(
            f"{path} line {lines.get((*at, 'voice'), line)}: {word!r} names the voice `{voice}`, "
            f"which isn't under `voices:`; {hint}"
        )
    language = read_language(item.get("language"), f"{path} line {lines.get((*at, 'language'), line)}")
    pattern = read_pattern(word, str(say), case, place) if regex else None
    return LexiconEntry(
        " ".join(word.split()) if not regex else word,
        str(say).strip() if regex else toned(str(say).strip(), word),
        language,
        voice,
        case,
        pattern,
        line,
    )


def read_language(said: object, place: str) -> str | None:
    if said is None:
        return None
    try:
        return base(canonical(str(said)))
    except ManifestError as error:
        raise ManifestError(f"{place}: {error}") from error
