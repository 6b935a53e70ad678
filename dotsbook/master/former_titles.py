"""Finished books that stand beside a finished book from when it was called otherwise. It removes nothing."""

from pathlib import Path

from dotsbook.master.about import About, fit
from dotsbook.master.folder import LISTING
from dotsbook.master.naming import book_name


def former_titles(about: About, out: Path) -> list[Path]:
    """Files and folders under `out` of ours, by their proof or the shelf's metadata, whose names don't hold the book's title."""
    title = book_name(fit(about))
    signs = (*out.rglob(LISTING), *out.glob("audiobookshelf/**/metadata.json"))
    folders = sorted({sign.parent for sign in signs} - {out})
    files = [
        file
        for proof in sorted(out.glob(f"*.{LISTING}"))
        for file in sorted(out.glob(f"{escaped(proof.name.removesuffix(f'.{LISTING}'))}.*"))
        if file != proof
    ]
    return [
        path for path in (*files, *folders) if not any(title in part for part in path.relative_to(out).parts)
    ]


def escaped(stem: str) -> str:
    """A name that `glob` takes as it is."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)
