"""What the narration beside a quotation says of its speaker: "said Emma", "she went on", "Emma turned to him." first.

It reads English; what a name or a pronoun refers to is another's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dotsbook.casting import english
from dotsbook.casting.dialogue import Line
from dotsbook.casting.mentions import Mention
from dotsbook.casting.sentence_actor import INFINITIVE, PREPOSITION, actor, is_heard
from dotsbook.casting.subject import WORD, Sort, Subject

STOP = re.compile(r"[.;:!?“”—–()]|--")
PRONOUN = re.compile(r"\b(?:he|she|I|they|we|He|She|They|We)\b")
POSSESSIVE = re.compile(r"(?:his|her|my|their|our|[A-Z]\w+(?:['’]|\s)s)$", re.IGNORECASE)
IT_SAID = re.compile(
    r"\b[Ii]t(?=\s+(?:\w+ly\s+)?(?:said|replied|cried|asked|answered|added|muttered|repeated)\b)"
)
ALONE_CROWD = re.compile(r"\b(everybody|everyone|somebody|someone)\b", re.I)
ARTICLE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Pp]oor|[Oo]ld|[Ll]ittle|[Dd]ear|[Yy]oung|[Gg]ood)\s+"
    r"(?:(?!(?:of|to|in|on|at|by|for|from|with|and|or|as|than)\b)[A-Za-z-]+\s+){0,2}$"
)
VOICE = re.compile(r"(?:voice|tones?)\s+of\s+(?:the\s+|old\s+|poor\s+|little\s+)*$")
REPLY = re.compile(
    r"(?:['’]s|['’]| s)\s+(?:[\w-]+,?\s+){0,3}?(?:comment|reply|answer|remark|response|rejoinder|question|exclamation|retort|voice"
    r"|observation|inquiry|cry|greeting|verdict|words|saying|asking|crying|exclaiming|answering|replying|adding|remarking)\b"
)


DETERMINERS = ("the", "a", "an", "this", "that", "another", "one")
FURTHER = re.compile(r"\s+(?:with|in|of|from|on|at|who)(?:\s+[\w-]+){1,4}")  # "the man with the black beard"


@cache
def determined(more: frozenset[str] = frozenset()) -> re.Pattern[str]:
    """ "the landlord", "his old mother": a determiner, up to three words, a noun for people; `more` are the book's own."""
    nouns = sorted(english.PEOPLE_NOUNS | english.CROWD | more, key=len, reverse=True)
    return re.compile(
        r"\b(the|an?|his|her|my|their|our|this|that|another|one|[A-Z]\w+(?:['’]|\s)s)\s+((?:[\w-]+\s+){0,3}?)("
        + "|".join(map(re.escape, nouns))
        + r")\b(?!['’]|\ss\b)",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class Tag:
    subject: Subject
    verb: str  # the verb of saying, "" = none that is known
    strength: (
        int  # 3: a verb of saying beside the mark; 2: by its place; 1: the subject of what stands beside it
    )
    span: int  # index of the quotation in the line that it belongs to
    start: int  # of the clause in the line
    end: int
    after: bool
    ahead: bool = False  # it stands in the paragraph before, and so do start and end


def replies(text: str, mention: Mention) -> bool:
    """Whether an owner owns what is said: `was Emma's answer`, `came Mr. Weston's quick amendment`."""
    return bool(
        REPLY.match(text, mention.end)
        or re.search(
            r"[”] (?:was|came) (?:the |poor |old )?$", text[max(0, mention.start - 16) : mention.start]
        )
    )


def subjects(line: Line, names: Sequence[Mention], more: frozenset[str] = frozenset()) -> list[Subject]:
    """All that may be a subject in a line's narration, in order. more: nouns for people besides the usual ones."""
    text = line.narrated
    found = []
    for mention in names:
        if not mention.spoken and (not mention.owner or replies(text, mention)):
            before = ARTICLE.search(text, max(0, mention.start - 30), mention.start)
            voice = VOICE.search(text, max(0, mention.start - 30), mention.start)
            start = voice.start() if voice else before.start() if before else mention.start
            found.append(Subject(start, mention.end, Sort.NAME, mention.name))
    taken = [(m.start, m.end) for m in names if not m.spoken]
    for match in determined(more).finditer(text):
        noun = match.group(3).lower()
        at = match.start()
        if any(start < match.end() and at < end for start, end in taken):
            continue
        if "\x02" in match.group() or re.search(
            r"\b(?:and|of|to|in|by|was|had|that|with|for|said)\b", match.group(2)
        ):
            continue
        if noun in english.CROWD:
            sort = Sort.CROWD
        elif noun not in english.GENERIC and match.group(1).lower() in DETERMINERS:
            sort = Sort.NOUN
        else:
            sort = Sort.KIN
        both = noun in english.MEN and noun in english.WOMEN
        gender = "" if both else "m" if noun in english.MEN else "f" if noun in english.WOMEN else ""
        further = FURTHER.match(text, match.end())
        phrase = match.group() + (further.group() if further else "")
        owned = match.group(1).lower() if POSSESSIVE.match(match.group(1)) else ""
        found.append(Subject(at, match.end(), sort, noun, gender, phrase, owned))
    for match in PRONOUN.finditer(text):
        word = match.group().lower()
        kind = english.PRONOUNS[word]
        sort = Sort.FIRST if kind == "I" else Sort.CROWD if kind == "they" else Sort.PRONOUN
        found.append(Subject(match.start(), match.end(), sort, word, kind if kind in "mf" else ""))
    found.extend(Subject(match.start(), match.end(), Sort.PRONOUN, "it") for match in IT_SAID.finditer(text))
    found.extend(
        Subject(match.start(), match.end(), Sort.CROWD, match.group().lower())
        for match in ALONE_CROWD.finditer(text)
    )
    found.sort(key=lambda subject: (subject.start, -subject.end))
    return found


def tags(line: Line, who: Sequence[Subject]) -> list[Tag]:
    """The tags and beats of a line, in order of their strength within each quotation."""
    found: list[Tag] = []
    ends = [0, *(end for _, end in line.spans)]
    starts = [*(start for start, _ in line.spans), len(line.text)]
    for index in range(len(line.spans)):
        head, tail = (ends[index], starts[index]), (ends[index + 1], starts[index + 1])
        near = [subject for subject in who if head[0] <= subject.start < head[1]]
        first = before(line, head, near, index)
        near = [subject for subject in who if tail[0] <= subject.start < tail[1]]
        then = after(line, tail, near, index)
        if then is not None and index + 1 < len(line.spans) and leads_on(line, tail, first):
            then = None
        if then is not None and led(first) and anew(line, then):
            then = replace(then, strength=1)
        found.extend(tag for tag in (then, first) if tag is not None)
    return found


def leads_on(line: Line, gap: tuple[int, int], own: Tag | None) -> bool:
    """Whether what stands between two quotations belongs to the second alone: `… and Pooh said, "…"`."""
    words = WORD.findall(line.narrated[gap[0] : gap[1]])
    if (
        led(own)
        and line.narrated[gap[0] : gap[1]].rstrip()[-1:] in ",:—-"
        and not english.SAYING.isdisjoint(words)
    ):
        return True
    while words and words[-1].lower().endswith("ly"):
        words.pop()
    if len(words) < 2 or words[-1].lower() not in english.SAYING:
        return False
    return words[0] in ("and", "but", "while", "when", "whereupon") or led(own)


def led(tag: Tag | None) -> bool:
    """Whether a quotation is led in by a verb of saying."""
    return tag is not None and bool(tag.verb) and tag.strength == 3


def anew(line: Line, tag: Tag) -> bool:
    """Whether what follows a quotation is a sentence of its own that begins with who acts: `"Still there?" Freddy snorted.`"""
    end = line.text[: line.spans[tag.span][1]].rstrip("\"'”’» ")[-1:]
    return end in ".!?" and tag.subject.start == tag.start and line.text[tag.start].isupper()


def clause(text: str, start: int, end: int, who: Sequence[Subject]) -> list[re.Match]:
    """The words from a place to the next stop; a stop inside a name ("Mr. Elton") is none."""
    words: list[re.Match] = []
    at = start
    for word in WORD.finditer(text, start, end):
        between = STOP.search(text, at, word.start()) if words else None
        if between and not any(s.start < between.start() < s.end for s in who):
            break
        words.append(word)
        at = word.end()
        if len(words) == 16:
            break
    return words


BY_PLACE = re.compile(r"(?:from|came from|[Ii]t was)\s+")  # "Hm!" from Mr. Wilcox; it was Poirot who spoke
WHO_SPOKE = re.compile(
    r",?\s+who\s+(?:had\s+)?(?:spoken?|said|answered|replied|asked|cried|interposed|broke)\b"
)


def after(line: Line, gap: tuple[int, int], who: Sequence[Subject], index: int) -> Tag | None:
    """The tag that follows a quotation: "said Emma", "Emma said", "she added, smiling"."""
    text = line.narrated
    words = clause(text, gap[0], gap[1], who)
    if not words:
        return None
    starts = {subject.start: subject for subject in who}
    closing = line.text[: gap[0]].rstrip("\"'”’»“ ")[-1:]
    joined = text[words[0].start()].islower() or closing in ",—-"
    lead = text[gap[0] : words[0].start()]
    if "." in lead or "!" in lead or "?" in lead:
        joined = False
    end = words[-1].end()
    if words[0].group().lower() in ("was", "came") and len(words) > 1:
        subject = next((s for s in who if words[0].end() < s.start < words[0].end() + 4), None)
        if subject is not None and re.match(r"['’]s|['’]| s\b", text[subject.end : subject.end + 3]):
            return Tag(subject, "was", 3, index, words[0].start(), end, True)
    if named := BY_PLACE.match(text, words[0].start()):
        subject = starts.get(named.end())
        if subject is not None and (named.group()[0] in "fc" or WHO_SPOKE.match(text, subject.end)):
            return Tag(subject, "from", 3, index, words[0].start(), end, True)
    # said Emma; softly said Emma; said, after a pause, Emma is too far
    for at in range(min(3, len(words))):
        low = words[at].group().lower()
        if words[at].start() in starts or low in ("and", "but"):
            break
        if low in english.SAYING or (joined and at == 0 and low.endswith("ed") and len(low) > 4):
            for k in range(at + 1, min(at + 4, len(words))):
                subject = starts.get(words[k].start())
                if subject is not None:
                    return Tag(
                        subject,
                        low,
                        3 if joined or low in english.SAYING else 2,
                        index,
                        words[0].start(),
                        end,
                        True,
                    )
                if (
                    words[k].group().lower() in ("the", "a", "an")
                    and low in english.SAYING
                    and low not in english.WEAK
                ):
                    return Tag(some_noun(words[k:]), low, 3, index, words[0].start(), end, True)
                if k > at + 1 and not words[k - 1].group().lower().endswith("ly"):
                    break
            break
        if not low.endswith("ly") and low not in english.ADVERBS:
            break
    return direct(text, words, starts, joined, index, end)


def some_noun(words: Sequence[re.Match]) -> Subject:
    """ "the croupier", of whatever is called so: the last word before a preposition, an adverb or the end."""
    last = words[min(1, len(words) - 1)]
    for word in words[2:4]:
        low = word.group().lower()
        if low in AFTER_NOUN or low.endswith("ly") or low.endswith("ing") or word.start() - last.end() > 1:
            break
        last = word
    phrase = last.string[words[0].start() : last.end()]
    return Subject(words[0].start(), last.end(), Sort.NOUN, last.group().lower(), phrase=phrase)


AFTER_NOUN = english.words(
    "in with as to at of from on who which that and but when while again then by for after before without under into from"
    " over through upon whose whom looking himself herself itself at once sharply aloud"
)


def direct(
    text: str, words: list[re.Match], starts: dict[int, Subject], joined: bool, index: int, end: int
) -> Tag | None:
    """ "Emma said", "she then added", "and Emma laughed": the subject first."""
    for at in range(min(3, len(words))):
        subject = starts.get(words[at].start())
        if subject is None:
            if at == 0 and joined and len(words) > 2 and words[0].group() == "the":
                for verb in range(2, min(5, len(words))):
                    low = words[verb].group().lower()
                    if low in english.SAYING and low not in english.WEAK:
                        return Tag(some_noun(words[:verb]), low, 3, index, words[0].start(), end, True)
            if words[at].group().lower() in (
                "and",
                "but",
                "then",
                "here",
                "so",
                "as",
                "at",
                "last",
                "again",
                "presently",
            ):
                continue
            return None
        rest = [word for word in words if word.start() >= subject.end]
        for step, word in enumerate(rest[:6]):
            low = word.group().lower()
            if word.start() in starts:
                break
            if low in english.SAYING and (step < 2 or low not in english.WEAK):
                return Tag(
                    subject,
                    low,
                    3 if joined or low not in english.WEAK else 1,
                    index,
                    words[0].start(),
                    end,
                    True,
                )
            if low in ("and", "who", "which", "when", "as", "while") and step:
                break
        return Tag(subject, "", 2 if joined and at == 0 else 1, index, words[0].start(), end, True)
    return None


def led_in(line: Line, who: Sequence[Subject]) -> Tag | None:
    """The tag at a paragraph's end that leads the next paragraph's quotation in: "Emma answered thus:--"."""
    text = line.narrated.rstrip()
    if not text or text[-1] not in ":,—-" or line.left_open:
        return None
    begin = line.spans[-1][1] if line.spans else 0
    tag = before(line, (begin, len(text)), [subject for subject in who if subject.start >= begin], 0)
    return replace(tag, ahead=True) if tag else None


def before(line: Line, gap: tuple[int, int], who: Sequence[Subject], index: int) -> Tag | None:
    """The tag that leads a quotation in: "Emma said:", "and she added,", or the subject of the sentence before."""
    text = line.narrated
    head = text[gap[0] : gap[1]]
    if not who or not WORD.search(head):
        return None
    edge = head.rstrip()[-1:]
    leads = edge in ",:—-" or edge.isalpha()
    begin = gap[0]
    for stop in re.finditer(r"[.!?”;]", text[gap[0] : gap[0] + len(head.rstrip()) - 1]):
        place = gap[0] + stop.start()
        if not any(subject.start <= place < subject.end for subject in who) and not re.search(
            r"\b(?:Mr|Mrs|Dr|St|Ms)$", text[max(0, place - 4) : place]
        ):
            begin = place + 1
    here = [subject for subject in who if subject.start >= begin]
    if not here:
        return None
    words = list(WORD.finditer(text, begin, gap[1]))
    if leads:
        for word in reversed(words[-12:]):
            low = word.group().lower()
            if low in english.SAYING or low in english.SAYING_ING or low in INFINITIVE:
                if heard := is_heard(text, begin, word.start(), here):
                    return Tag(heard, low, 3, index, begin, gap[1], False)
                follows = [s for s in here if 0 <= s.start - word.end() <= 2]
                precedes = [s for s in here if s.end <= word.start()]
                if follows and not precedes:
                    return Tag(follows[0], low, 3, index, begin, gap[1], False)
                if precedes:
                    named = actor(text, precedes, word.start())
                    return Tag(
                        named,
                        low,
                        3 if low not in english.WEAK or edge == ":" else 2,
                        index,
                        begin,
                        gap[1],
                        False,
                    )
        free = [s for s in here if not PREPOSITION.search(text[max(0, s.start - 40) : s.start].lower())]
        return Tag((free or here)[0], "", 2 if free else 1, index, begin, gap[1], False)
    return Tag(here[0], "", 1, index, begin, gap[1], False)
