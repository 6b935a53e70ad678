"""What somebody says aloud in a paragraph, by offsets. It knows marks and places, not people."""

from dataclasses import dataclass

Place = tuple[
    int, int, int
]  # chapter number, index of the paragraph in the chapter, which of its quotations (0, 1 …)


@dataclass(frozen=True, slots=True)
class Quotation:
    """All that one speaker says in one paragraph; tags between ("said she,") are cut out and the narrator's.

    A paragraph usually holds one; two or more where its tags name different people. A speech that runs over
    several paragraphs is a quotation in each, all of one `turn`.
    """

    chapter: int  # Chapter.number
    paragraph: int  # index in Chapter.paragraphs
    number: int  # which quotation of the paragraph this is: 0, 1 …
    spans: tuple[tuple[int, int], ...]  # [start, end) within the paragraph's text, quotation marks included
    turn: int  # number of the turn in its chapter; the same over paragraphs where a speech goes on
    cited: bool = False  # a title, a cited word or scare quotes: the narrator reads it, nobody is looked for

    @property
    def place(self) -> Place:
        return self.chapter, self.paragraph, self.number
