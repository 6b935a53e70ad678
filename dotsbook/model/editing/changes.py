"""From two texts to the instruction that makes one of the other. It knows words in any script, no tags' meaning.

The model is told what changes word by word; what is said before and after is given beside the instruction, so that no
script's words run together.
"""

import re
from difflib import SequenceMatcher

from dotsbook.model.editing.instruction import Instruction, InstructionError, escaped, parse
from dotsbook.model.editing.transcripts import IDEOGRAPHS

IDEOGRAPH = "".join(f"{chr(first)}-{chr(last)}" for first, last in IDEOGRAPHS) + "\u3040-\u30ff"  # and kana
WORD = rf"(?:(?![{IDEOGRAPH}])\w)+(?:['’\-](?:(?![{IDEOGRAPH}])\w)+)*"
TOKEN = re.compile(rf"\s+|[{IDEOGRAPH}]|{WORD}|.", re.DOTALL)
Change = tuple[str, str]  # (old words, new words); equal where nothing changes


def instruction_between(before: str, after: str, *, enhance: bool = False) -> Instruction:
    """The instruction by which `before`, as it is said, becomes `after`.

    InstructionError where nothing changes, or nothing is left of one of them.
    """
    before, after = before.strip(), after.strip()
    if before == after and not enhance:
        raise InstructionError(
            "unchanged", "The words are those that are said already: there is nothing to change."
        )
    text = "".join(_tagged(old, new) for old, new in changes_between(before, after))
    return parse(f"<enhance>{text}</enhance>" if enhance else text, before, after)


def changes_between(before: str, after: str) -> list[Change]:
    """Both texts in turns of what stays and what changes, whole words at a time."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    matcher = SequenceMatcher(None, _folded(old), _folded(new), autojunk=False)
    changes: list[Change] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left, right = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            changes.append((left, right))
        else:
            _add(changes, left, right)
    return [change for change in _grown(_shifted(changes)) if change != ("", "")]


def _folded(tokens: list[str]) -> list[str]:
    """Tokens as they are compared: white space is all alike."""
    return [" " if token.isspace() else token for token in tokens]


def _add(changes: list[Change], left: str, right: str) -> None:
    """One more change; where only white space parts it from the last one, both are one."""
    if len(changes) > 1 and changes[-1][0].isspace() and changes[-2][0] != changes[-2][1]:
        blank, (was, becomes) = changes.pop()[0], changes.pop()
        left, right = was + blank + left, becomes + blank + right
    changes.append((left, right))


def _shifted(changes: list[Change]) -> list[Change]:
    """Words that are put in or left out take the blank after them, not the one before: `I <ins>really </ins>know`."""
    for i in range(1, len(changes) - 1):
        old, new = changes[i]
        words, before, after = old or new, changes[i - 1][0], changes[i + 1][0]
        blank = words[: len(words) - len(words.lstrip())]
        if (old and new) or not blank or words.isspace() or not after.startswith(blank):
            continue
        moved = words[len(blank) :] + blank
        changes[i - 1] = (before + blank, changes[i - 1][1] + blank)
        changes[i] = (moved if old else "", moved if new else "")
        changes[i + 1] = (after[len(blank) :], changes[i + 1][1][len(blank) :])
    return changes


def _grown(changes: list[Change]) -> list[Change]:
    """No edit ends inside a word: what changes only between two words takes both of them in."""
    grown: list[Change] = []
    for i, (old, new) in enumerate(changes):
        if old == new or _has_words(old + new):
            grown += [(old, new)] if old or new else []
            continue
        if grown and grown[-1][0] != grown[-1][1]:
            grown[-1] = (grown[-1][0] + old, grown[-1][1] + new)
            continue
        before = grown.pop() if grown else ("", "")
        after = changes[i + 1] if i + 1 < len(changes) else ("", "")
        stays, word = _last_word(before[0])
        next_word, rest = _first_word(after[0]) if after[0] == after[1] else ("", after[0])
        if stays:
            grown.append((stays, stays))
        grown.append((word + old + next_word, word + new + next_word))
        if i + 1 < len(changes) and after[0] == after[1]:
            changes[i + 1] = (rest, rest)
    return grown


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _last_word(text: str) -> tuple[str, str]:
    tokens = TOKEN.findall(text)
    word = tokens.pop() if tokens and _has_words(tokens[-1]) else ""
    return "".join(tokens), word


def _first_word(text: str) -> tuple[str, str]:
    tokens = TOKEN.findall(text)
    word = tokens.pop(0) if tokens and _has_words(tokens[0]) else ""
    return word, "".join(tokens)


def _tagged(old: str, new: str) -> str:
    """A change as the model was shown it: no blanks at a tag's edges where words are replaced."""
    if old == new or _folded([old]) == _folded([new]):
        return escaped_text(old)
    if not old:
        return f"<ins>{escaped_text(new)}</ins>"
    if not new:
        return f"<del>{escaped_text(old)}</del>"
    head = old[: len(old) - len(old.lstrip())] if old.strip() else ""
    tail = old[len(old.rstrip()) :] if old.strip() else ""
    return f'{head}<sub targ="{escaped(new.strip() or new)}">{escaped_text(old.strip() or old)}</sub>{tail}'


def escaped_text(text: str) -> str:
    """Text outside an attribute. Quotes are left as they are, as the makers' own test set has them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
