"""What stands beside a finished book from when it was not finished: "Title (incomplete).m4b" and its like. It knows names and
proofs, no formats.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dotsbook.master.about import About, fit
from dotsbook.master.folder import LISTING
from dotsbook.master.naming import book_name
from dotsbook.master.proof import faults_of


def drop_incomplete(finished: Path, about: About, out: Path) -> list[Path]:
    """Remove the incomplete twin of a finished file or folder under `out`; the files removed.

    Only what is still, to the byte, what a proof of ours recorded: a file that changed since is the user's.
    """
    twin = twin_of(finished, about, out)
    proof = twin / LISTING if twin.is_dir() else twin.with_name(f"{twin.stem}.proof.json")
    if twin == finished or not proof.is_file():
        return []
    proved = faults_of(proof)
    if any(faults or Path(name).name != name for name, faults in proved):
        return []
    if not twin.is_dir() and twin.name not in {name for name, _ in proved}:
        return []  # the proof is of another file with the same stem
    removed = [proof.parent / name for name, _ in proved]
    for file in (*removed, proof):
        file.unlink(missing_ok=True)
    if proof.parent != finished.parent:
        with suppress(OSError):  # the user keeps something there
            proof.parent.rmdir()
    return removed


def twin_of(finished: Path, about: About, out: Path) -> Path:
    """Where the same was written while chapters were missing."""
    whole, part = (book_name(fit(replace(about, partial=partial))) for partial in (False, True))
    names = (
        part + name.removeprefix(whole) if name.startswith(whole) else name
        for name in finished.relative_to(out).parts
    )
    return out.joinpath(*names)
