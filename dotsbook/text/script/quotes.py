"""Where quotations and brackets open and close. It knows marks, not words; a mark without its partner is no mark.

`spans(text)` gives the pairs, outermost first; apostrophes are told from single quotes by what stands beside them.
"""

import re

BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "〔": "〕", "【": "】", "｛": "｝"}
CORNERS = {"「": "」", "『": "』", "《": "》", "〈": "〉", "｢": "｣", "“": "”", "〝": "〟"}
ANY = re.compile(r"""[()\[\]{}（）［］〔〕【】｛｝「」『』《》〈〉｢｣“”„«»‹›"'‘’‚〝〟]""")
OPENERS = frozenset("([{（［〔【｛「『《〈｢“„«‹‘‚〝\"'»›")
CLOSERS = frozenset(")]}）］〕】｝」』》〉｣”“»›’\"'〟«‹")
ELIDED = re.compile(
    r"['’](?:s|re|ve|ll|d|m|tis|twas|twere|twill|twould|em|er|im|cause|bout|round|til|till|cos|coz|ere|ow|ome|ouse|ave|alf|n|neath|gainst|\d\ds?)\b",
    re.IGNORECASE,
)
DEEPEST = 64  # marks open at once among which a closer looks for its own
FARTHEST = 4000  # characters a quotation may run; past this the opener is taken for a stray


def letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


def gap(text: str, at: int) -> bool:
    """No word at this place: white space, an edge, a bracket, a dash."""
    return not 0 <= at < len(text) or text[at].isspace() or text[at] in '([{—–-―"“‘«„…'


def spans(text: str) -> list[tuple[int, int]]:
    """[(place of the opener, place just after the closer)] of every pair, in the order of their openers."""
    stack: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for found in ANY.finditer(text):
        mark, at = found.group(), found.start()
        closes = closing(text, mark, at, stack)
        if closes is not None:
            opener = stack[closes][1]
            del stack[closes:]
            if at - opener <= FARTHEST:
                pairs.append((opener, at + 1))
        elif wanted := opening(text, mark, at):
            stack.append((wanted, at))
    pairs.sort()
    return pairs


def closing(text: str, mark: str, at: int, stack: list[tuple[str, int]]) -> int | None:
    """The index in the stack of the opener this mark closes, if it does."""
    if mark in "'’" and letter(text, at - 1) and letter(text, at + 1):
        return None  # don't
    if mark in "'’" and not letter(text, at - 1) and ELIDED.match(text, at):
        return None  # ’tis
    if (
        mark in "'\""
        and gap(text, at - 1)
        and not gap(text, at + 1)
        and at > 0
        and text[at - 1] not in "—–-―…"
    ):
        return None  # an opener by its looks
    for index in range(len(stack) - 1, max(-1, len(stack) - 1 - DEEPEST), -1):
        if mark in stack[index][0]:
            if mark in "'’" and plural(text, at):
                return None
            return index
    return None


def plural(text: str, at: int) -> bool:
    """An apostrophe after s, with a better closer still to come: `the boys’ coats,’ he said`."""
    if (
        at == 0
        or text[at - 1] not in "sSnN"
        or at + 2 >= len(text)
        or text[at + 1] != " "
        or not text[at + 2].islower()
    ):
        return False
    return re.search(rf"[^\w\s]{text[at]}(?!\w)", text[at + 1 : at + 300]) is not None


def opening(text: str, mark: str, at: int) -> str:
    """The marks that would close what opens here; nothing if this opens nothing."""
    if mark in BRACKETS:
        return BRACKETS[mark]
    if mark in CORNERS:
        return CORNERS[mark]
    match mark:
        case "„":
            return "“”"
        case "«" | "‹":
            return "»" if mark == "«" else "›"
        case "»" | "›":
            return ("«" if mark == "»" else "‹") if gap(text, at - 1) and not gap(text, at + 1) else ""
        case "‚":
            return "‘’" if gap(text, at - 1) and not gap(text, at + 1) else ""
        case "‘":
            return "’"
        case "”":  # Finnish and Swedish open with it too
            return "”" if gap(text, at - 1) and letter(text, at + 1) else ""
        case '"':
            return '"' if not letter(text, at - 1) else ""
        case "'":
            fits = gap(text, at - 1) and not gap(text, at + 1) and not ELIDED.match(text, at)
            return "'" if fits else ""
    return ""


def depth_at(pairs: list[tuple[int, int]], at: int) -> int:
    """How many pairs enclose the place between two characters: an opener lies before it, its closer after."""
    return sum(1 for start, end in pairs if start < at < end)


def unbalanced(text: str) -> bool:
    """Whether a double quotation mark or bracket stands without its partner."""
    pairs = spans(text)
    paired = {place for start, end in pairs for place in (start, end - 1)}
    return any(found.start() not in paired for found in ANY.finditer(text) if found.group() not in "'’‘‚")
