"""An edit as token ids: what was said, its sound, what is to be changed, what is said then. It knows no sound.

[原文本] source [原语音] start, a span a patch, end [编辑指令] instruction [编辑文本] target [编辑后语音] start    then the spans to decode
"""

from dataclasses import dataclass

from dotsbook.model.editing.instruction import Instruction
from dotsbook.model.prompt import END, PromptTokens

SOURCE, SOURCE_SOUND = "[原文本]", "[原语音]"
INSTRUCTION, TARGET, TARGET_SOUND = "[编辑指令]", "[编辑文本]", "[编辑后语音]"


@dataclass(frozen=True)
class EditSchedule:
    """The ids up to the first span to decode, and where in them the source's spans stand."""

    ids: tuple[int, ...]
    first_span: int
    spans: int

    def whole(self, tokens: PromptTokens, room: int) -> list[int]:
        """All ids, with `room` patches to decode."""
        return [*self.ids, *[tokens.span] * room, tokens.token(END)]


def schedule(tokens: PromptTokens, instruction: Instruction, patches: int) -> EditSchedule:
    """Every part is encoded by itself: joined, their brackets would make other tokens."""
    before = [
        *tokens.encode(SOURCE),
        *tokens.encode(instruction.source),
        *tokens.encode(SOURCE_SOUND),
        tokens.start,
    ]
    after = [
        tokens.token(END),
        *tokens.encode(INSTRUCTION),
        *tokens.encode(instruction.text),
        *tokens.encode(TARGET),
        *tokens.encode(instruction.target),
        *tokens.encode(TARGET_SOUND),
        tokens.start,
    ]
    return EditSchedule((*before, *[tokens.span] * patches, *after), len(before), patches)
