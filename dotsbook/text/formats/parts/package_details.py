"""What an EPUB's metadata says of the book: title, author, language, the rest by name. It reads no manifest."""

import re
from typing import NamedTuple

OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"


class PackageDetails(NamedTuple):
    title: str
    author: str
    language: str
    cover: str  # the id of its picture, as EPUB 2 names it
    others: dict[str, str]


def details_of(metadata: dict) -> PackageDetails:
    """What ebooklib's metadata ({namespace: {term: [(value, attributes)]}}) say."""
    terms = metadata.get(DC, {})
    metas = metadata.get(OPF, {}).get("meta", [])

    def texts(term: str) -> list[tuple[str, dict]]:
        return [
            (" ".join((value or "").split()), extra)
            for value, extra in terms.get(term, [])
            if (value or "").strip()
        ]

    refined: dict[tuple[str | None, str], str] = {}
    for value, extra in metas:
        if extra.get("property"):
            place = ((extra.get("refines") or "").lstrip("#"), extra["property"])
            refined[place] = (
                f"{refined[place]} {(value or '').strip()}" if place in refined else (value or "").strip()
            )
    named = {extra.get("name"): extra.get("content", "") for _, extra in metas if extra.get("name")}
    titles = texts("title")
    main = next(
        (value for value, extra in titles if refined.get((extra.get("id"), "title-type")) == "main"), None
    )
    creators = texts("creator")
    author = "; ".join(
        dict.fromkeys(
            [value for value, extra in creators if writes(extra, refined)] or [value for value, _ in creators]
        )
    )
    details = {
        "subtitle": next(
            (value for value, extra in titles if refined.get((extra.get("id"), "title-type")) == "subtitle"),
            "",
        ),
        "publisher": next((value for value, _ in texts("publisher")), ""),
        "date": next((value for value, _ in texts("date")), "")[:10],
        "description": re.sub(r"<[^>]+>", " ", next((value for value, _ in texts("description")), "")),
        "rights": next((value for value, _ in texts("rights")), ""),
        "isbn": next((found for value, extra in texts("identifier") if (found := isbn(value, extra))), ""),
        "series": named.get("calibre:series")
        or next((value for (_, key), value in refined.items() if key == "belongs-to-collection"), ""),
        "part": named.get("calibre:series_index")
        or next((value for (_, key), value in refined.items() if key == "group-position"), ""),
        "subject": "; ".join(value for value, _ in texts("subject")),
    }
    return PackageDetails(
        main or (titles[0][0] if titles else ""),
        author,
        next((value for value, _ in texts("language")), ""),
        named.get("cover", ""),
        {key: " ".join(value.split()) for key, value in details.items() if value.strip()},
    )


def writes(extra: dict, refined: dict) -> bool:
    """A creator who wrote the book, as far as the metadata says: no illustrator, translator, narrator."""
    role = extra.get("role") or refined.get((extra.get("id"), "role")) or "aut"
    return not {"aut", "author", "edt", "cre", "ed"}.isdisjoint(role.lower().split())


def isbn(value: str, extra: dict) -> str:
    digits = re.sub(r"[^0-9X]", "", re.sub(r"^urn:isbn:|^isbn:?", "", value.strip(), flags=re.I).upper())
    told = "isbn" in value.lower() or "isbn" in (extra.get("scheme") or "").lower()
    if len(digits) == 13 and digits.startswith(("978", "979")):
        return digits
    return digits if told and len(digits) == 10 else ""
