"""Lines edited by dots.tts.edit for the engine `dots`: requests to the model's edits and back. It knows no books."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError, ModelError
from dotsbook.voices.edits import EditedLine, EditRequest
from dotsbook.voices.engine import letters_of

if TYPE_CHECKING:
    from dotsbook.model.editing.edit_source import EditSource
    from dotsbook.model.editing.editor import Editor, LineEdit

MORE = (
    1.6,
    2.0,
)  # times the source's length, by its letters against the target's, and seconds besides: room to say it in


class DotsEdits:
    """A loaded editor."""

    def __init__(self, editor: "Editor"):
        self.editor = editor

    def edit(self, batch: Sequence[EditRequest]) -> Iterator[EditedLine]:
        """Yield each as it is done. Takes of one line share what the model reads of it."""
        lines: list[LineEdit] = []
        asked: list[EditRequest] = []
        sources: dict[tuple[int, int], EditSource] = {}  # those that requests of the batch share
        for request in batch:
            try:
                lines.append(self.line(request, sources))
                asked.append(request)
            except ModelError as error:
                yield EditedLine(request, error=error)
        for index, sound in self.editor.edit_batch(lines):
            if isinstance(sound, DotsbookError):
                yield EditedLine(asked[index], error=sound)
            else:
                yield EditedLine(asked[index], samples=sound)

    def line(self, request: EditRequest, sources: "dict[tuple[int, int], EditSource]") -> "LineEdit":
        """A request as the model takes it. ModelError for an instruction that is none, or a line that is too long."""
        from dotsbook.model.editing.editor import LineEdit
        from dotsbook.model.editing.instruction import parse
        from dotsbook.model.sampling import SamplingOptions

        instruction = parse(request.instruction, request.source, request.target)
        key = (id(request.samples), request.rate)
        if key not in sources:
            sources[key] = self.editor.hear(request.samples, request.rate)
        source = sources[key]
        longer = max(1.0, letters_of(request.target) / max(1, letters_of(request.source)))
        seconds = source.patches * self.seconds * longer * MORE[0] + MORE[1]
        room = source.patches + 1 + int(seconds / self.seconds)
        return LineEdit(source, instruction, SamplingOptions(max_patches=room), request.seed)

    @property
    def seconds(self) -> float:
        """Of a patch."""
        return self.editor.dots.config.patch_samples / self.editor.dots.rate
