"""The written forms of tags that dots.tts.edit was trained on, made and checked. It knows tags, no texts.

The model takes any attribute for something: one that it was never shown is silently another instruction. So what a
person asks for is made here, and an instruction that is written by hand is held against the same forms.
"""

import re

from dotsbook.model.editing.changes import escaped_text
from dotsbook.model.editing.instruction import InstructionError, escaped, read_pieces, shown

EMOTIONS = ("happy", "angry", "sad", "afraid", "disgusted", "melancholic", "surprised", "calm")
LEVELS = (1, 2, 3)
SEMITONES = (-9, -7, -5, 5, 7, 9)
SLOWEST, FASTEST = 0.55, 1.95
PAUSES = {"ins": "longer", "red": "shorter"}
FORMS = {
    "del": r"<del>",
    "ins": r"<ins>",
    "sub": r'<sub targ="[^"<>]*">',
    "emo": rf'<emo (?:type="(?:{"|".join(EMOTIONS)})"(?: level="[123]")?|desc="[^"<>]+")>',
    "pitch": rf"<pitch, semitones=(?:{'|'.join(map(str, SEMITONES))})>",
    "rate": r"<rate, factor=(?P<rate>[01]\.\d{1,2})>",
    "pause": r'<pause act="(?:ins|red)" level="[123]" ?/>',
    "enhance": r"<enhance>",
    "spk_transfer": r"<spk_transfer/>",
}


def emotional(text: str, wish: str, over: str = "") -> str:
    """A line said with an emotion: "angry", "angry/3" (levels 1 to 3), or free words; over: some words of it, "" for all."""
    before, meant, after = text.partition(over) if over in text and over else ("", text, "")
    return escaped_text(before) + _felt(meant, wish) + escaped_text(after)


def _felt(text: str, wish: str) -> str:
    kind, _, level = (part.strip() for part in wish.partition("/"))
    if kind in EMOTIONS:
        if level and (not level.isdecimal() or int(level) not in LEVELS):
            raise InstructionError(
                "untrained", f"An emotion has levels 1, 2 and 3, not {shown(level)}: write {kind}/2."
            )
        return f'<emo type="{kind}" level="{level or 2}">{escaped_text(text)}</emo>'
    if level or not kind or " " not in kind:
        raise InstructionError(
            "untrained",
            f"The model knows no emotion {shown(kind)}; it knows {', '.join(EMOTIONS)}, or some words.",
        )
    return f'<emo desc="{escaped(kind)}">{escaped_text(text)}</emo>'


def pitched(text: str, semitones: int) -> str:
    """A line said higher or lower."""
    if semitones not in SEMITONES:
        raise InstructionError(
            "untrained",
            f"The model knows shifts of {', '.join(map(str, SEMITONES))} semitones, not {semitones}.",
        )
    return f"<pitch, semitones={semitones}>{escaped_text(text)}</pitch>"


def paced(text: str, factor: float) -> str:
    """A line said faster (above 1) or slower."""
    factor = round(factor, 2)
    if not SLOWEST <= factor <= FASTEST or factor == 1:
        raise InstructionError(
            "untrained",
            f"The model knows rates from {SLOWEST} to {FASTEST} but 1, not {factor:g}; faster is greater.",
        )
    return f"<rate, factor={factor:.2f}>{escaped_text(text)}</rate>"


def enhanced(text: str) -> str:
    """A line without its noise."""
    return f"<enhance>{escaped_text(text)}</enhance>"


def check_forms(instruction: str) -> None:
    """InstructionError for what no instruction of the model's training had: other attributes, edits inside edits."""
    pieces = list(read_pieces(instruction))
    open_tags: list[str] = []
    for piece in pieces:
        if not piece.tag:
            continue
        if piece.closes:
            open_tags.pop()
            continue
        match = re.fullmatch(FORMS.get(piece.tag, r"(?!)"), piece.text)
        factor = float(match["rate"]) if match and piece.tag == "rate" else SLOWEST
        if match is None or not SLOWEST <= factor <= FASTEST or factor == 1:
            raise InstructionError(
                "untrained",
                f"The model was never shown {shown(piece.text)}, so what it makes of it can't be told; docs/repair.md "
                "has the forms that it knows.",
            )
        if [tag for tag in open_tags if tag != "enhance"]:
            raise InstructionError(
                "untrained",
                f"{shown(piece.text)} stands inside <{open_tags[-1]}>: do one edit after the other.",
            )
        if piece.opens:
            open_tags.append(piece.tag)
