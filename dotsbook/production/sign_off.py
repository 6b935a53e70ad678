"""Chapters heard through and signed, in two passes: whether the words are right, and how they are spoken.

A signature is for the takes that a chapter had: another take of any of its lines ends it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError, Unfinished
from dotsbook.production.line_review import reviewing
from dotsbook.production.session import Session
from dotsbook.wording import first_few

if TYPE_CHECKING:
    from dotsbook.render.ledger import Ledger
    from dotsbook.render.review import Signature


@dataclass(frozen=True)
class SignedChapter:
    """A chapter with who signed it, pass by pass."""

    number: int
    digest: str  # of the keys of its takes; "" while one is missing
    signatures: "dict[str, Signature]"  # {pass: Signature} of the chapter as it is now

    @property
    def whole(self) -> bool:
        """Whether both passes are signed."""
        from dotsbook.render.review import PASSES

        return all(hearing in self.signatures for hearing in PASSES)

    def record(self) -> dict:
        """As other programs read it."""
        return {
            "number": self.number,
            "complete": bool(self.digest),
            "signed": {hearing: {"by": one.by, "at": one.at} for hearing, one in self.signatures.items()},
        }


def signed_chapters(session: Session, chapters: Collection[int] | None = None) -> list[SignedChapter]:
    """Every chapter with its signatures; the spoken credits are no chapter to sign."""
    with session.reading() as ledger:
        rows = ledger.briefed(session.jobs(ledger).of(chapters))
        return signed_by(
            session, ledger, ((job.chunk.chapter, job.key, take is not None) for job, take in rows)
        )


def signed_by(
    session: Session, ledger: "Ledger", lines: Iterable[tuple[int, str, bool]]
) -> list[SignedChapter]:
    """The same of lines that are known: (its chapter, its key, whether that take is there) for each, in the book's order."""
    from dotsbook.render.review import PASSES, Review

    digests: dict[int, hashlib._Hash] = defaultdict(hashlib.sha256)
    holes = set()
    for chapter, key, there in lines:
        digests[chapter].update(key.encode())
        if not there:
            holes.add(chapter)
    known = Review(ledger).signatures()
    found = []
    for listed in session.narration.chapters:
        if listed.number not in digests:
            continue
        whole = digests[listed.number].hexdigest()
        digest = "" if listed.number in holes else whole
        signatures = {hearing: known[digest, hearing] for hearing in PASSES if (digest, hearing) in known}
        found.append(SignedChapter(listed.number, digest, signatures))
    return found


def sign_chapter(session: Session, chapter: int, hearing: str, by: str, withdraw: bool) -> None:
    """Sign a chapter in a pass, or take that back. Raises ManifestError for a pass that isn't there or missing takes."""
    from dotsbook.render.review import PASSES

    if hearing not in PASSES:
        raise ManifestError(f"There is no pass {hearing[:40]!r}; there are {' and '.join(PASSES)}.")
    [found] = signed_chapters(session, {chapter})
    if not found.digest:
        raise ManifestError(
            f"Chapter {chapter} can't be signed: it lacks takes; `dotsbook render` makes them."
        )
    with reviewing(session) as review:
        (review.unsign if withdraw else review.sign)(found.digest, hearing, by)


def require_signed(session: Session, chapters: Collection[int] | None) -> None:
    """Raise Unfinished, which names what isn't signed, unless every chapter is in both passes."""
    from dotsbook.render.review import PASSES

    told = [
        f"{one.number} ({' and '.join(hearing for hearing in PASSES if hearing not in one.signatures)})"
        for one in signed_chapters(session, chapters)
        if not one.whole
    ]
    if told:
        raise Unfinished(
            f"Not signed yet: chapter {first_few(told, 12)}; `dotsbook sign` signs what was heard through."
        )
