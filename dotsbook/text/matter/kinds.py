"""Which parts of a book are matter around the text (covers, imprints, contents, notes …), in any language. It moves
no text.

Who is believed, in this order: the user, the markup (epub:type, ARIA roles), the package (guide, landmarks), the
file's name, the words of the title, the place in the book, the shape of the text.
"""

import json
import re
from functools import cache
from pathlib import Path

COVER, TITLE_PAGE, HALF_TITLE, IMPRINT, CONTENTS = "cover", "title page", "half title", "imprint", "contents"
NOTES, INDEX, BIBLIOGRAPHY, COLOPHON, ADVERTISEMENT = (
    "notes",
    "index",
    "bibliography",
    "colophon",
    "advertisement",
)
ABOUT, ILLUSTRATIONS, LICENCE, TRANSCRIBER, EDITION = (
    "about the author",
    "list of illustrations",
    "licence",
    "transcriber's note",
    "about this edition",
)
READ = "text"  # matter that is narrated

SKIPPED = (
    COVER,
    TITLE_PAGE,
    HALF_TITLE,
    IMPRINT,
    CONTENTS,
    NOTES,
    INDEX,
    BIBLIOGRAPHY,
    COLOPHON,
    ADVERTISEMENT,
    ABOUT,
    ILLUSTRATIONS,
    LICENCE,
    TRANSCRIBER,
    EDITION,
)
AROUND = (  # what stands before and after the chapters and is read
    "dedication",
    "acknowledgments",
    "foreword",
    "preface",
    "introduction",
    "prologue",
    "epilogue",
    "afterword",
    "appendix",
)
KINDS = (
    *SKIPPED,
    *AROUND,
    "epigraph",
    "glossary",
    "chronology",
    "part",
    "chapter",
)

TYPES = {
    "cover": COVER,
    "doc-cover": COVER,
    "cover-image": COVER,
    "titlepage": TITLE_PAGE,
    "title-page": TITLE_PAGE,
    "fulltitle": TITLE_PAGE,
    "halftitlepage": HALF_TITLE,
    "halftitle": HALF_TITLE,
    "copyright-page": IMPRINT,
    "imprint": IMPRINT,
    "imprimatur": IMPRINT,
    "copyright": IMPRINT,
    "other-credits": IMPRINT,
    "toc": CONTENTS,
    "doc-toc": CONTENTS,
    "landmarks": CONTENTS,
    "page-list": CONTENTS,
    "doc-pagelist": CONTENTS,
    "toc-brief": CONTENTS,
    "loi": ILLUSTRATIONS,
    "lot": ILLUSTRATIONS,
    "loa": ILLUSTRATIONS,
    "lov": ILLUSTRATIONS,
    "footnotes": NOTES,
    "endnotes": NOTES,
    "rearnotes": NOTES,
    "doc-endnotes": NOTES,
    "doc-footnote": NOTES,
    "footnote": NOTES,
    "endnote": NOTES,
    "rearnote": NOTES,
    "doc-endnote": NOTES,
    "note": NOTES,
    "annotation": NOTES,
    "notes": NOTES,
    "index": INDEX,
    "doc-index": INDEX,
    "index-group": INDEX,
    "bibliography": BIBLIOGRAPHY,
    "doc-bibliography": BIBLIOGRAPHY,
    "doc-biblioref": READ,
    "colophon": COLOPHON,
    "doc-colophon": COLOPHON,
    "dedication": "dedication",
    "doc-dedication": "dedication",
    "epigraph": "epigraph",
    "doc-epigraph": "epigraph",
    "acknowledgments": "acknowledgments",
    "acknowledgements": "acknowledgments",
    "doc-acknowledgments": "acknowledgments",
    "foreword": "foreword",
    "doc-foreword": "foreword",
    "preface": "preface",
    "doc-preface": "preface",
    "introduction": "introduction",
    "doc-introduction": "introduction",
    "preamble": "introduction",
    "prologue": "prologue",
    "doc-prologue": "prologue",
    "epilogue": "epilogue",
    "doc-epilogue": "epilogue",
    "afterword": "afterword",
    "doc-afterword": "afterword",
    "conclusion": "afterword",
    "doc-conclusion": "afterword",
    "appendix": "appendix",
    "doc-appendix": "appendix",
    "glossary": "glossary",
    "doc-glossary": "glossary",
    "chapter": "chapter",
    "doc-chapter": "chapter",
    "part": "part",
    "doc-part": "part",
    "volume": "part",
    "division": "part",
    "subchapter": "chapter",
    "z3998:scene": "chapter",
}
GUIDE = {
    "cover": COVER,
    "title-page": TITLE_PAGE,
    "titlepage": TITLE_PAGE,
    "toc": CONTENTS,
    "index": INDEX,
    "colophon": COLOPHON,
    "copyright-page": IMPRINT,
    "copyright": IMPRINT,
    "loi": ILLUSTRATIONS,
    "lot": ILLUSTRATIONS,
    "bibliography": BIBLIOGRAPHY,
    "notes": NOTES,
    "other.notes": NOTES,
    "other.backmatter": None,
    "acknowledgements": "acknowledgments",
    "dedication": "dedication",
    "epigraph": "epigraph",
    "foreword": "foreword",
    "preface": "preface",
    "glossary": "glossary",
}
STEMS = (
    (
        COVER,
        r"cover(-?page|-?image|_?xhtml)?\d*|cvi?|front-?cover|back-?cover|portada|couverture|umschlag|copertina|capa|"
        r"okladka|обложка|表紙|封面|hyoshi",
    ),
    (HALF_TITLE, r"half-?title(-?page)?|bastard-?title|schmutztitel|faux-?titre"),
    (
        TITLE_PAGE,
        r"title-?page\d*|titlepg|tp|title|internal-?titlepage|titelseite|titelblatt|portadilla|page-?de-?titre|"
        r"frontespizio|扉|扉页|tobira",
    ),
    (
        IMPRINT,
        r"copyright(-?page)?s?\d*|copy|cop|imprint|impressum|legal(-?notice)?|mentions-?legales|creditos|"
        r"colophon-?page|verso|版权|版權|奥付",
    ),
    (
        CONTENTS,
        r"toc\d*|contents(-?page)?|content-?page|table-?of-?contents|inhalt(sverzeichnis)?|sommaire|indice|nav|"
        r"navigation|目次|目录|mokuji|inline-?toc",
    ),
    (COLOPHON, r"colophon|kolophon|uncopyright|okuzuke"),
    (NOTES, r"(foot|end|rear|back)-?notes?\d*|fussnoten|anmerkungen|notas|fn|notes-?page"),
    (INDEX, r"(book-?)?index-?page|subject-?index|name-?index|register|sachregister"),
    (BIBLIOGRAPHY, r"bibliograph(y|ie|ia)|references|literaturverzeichnis|works-?cited"),
    (
        ADVERTISEMENT,
        r"advert(isement)?s?|ads?|adcard|ad-?card|also-?by|books-?by|other-?books|newsletter|promo(tion)?|teaser|"
        r"back-?ad|sign-?up|werbung|mailing-?list|nl-?signup",
    ),
    (ABOUT, r"about(-?the)?-?(author|publisher|us)s?|author-?bio|bio|sobre-?el-?autor|ueber-?den-?autor"),
    (LICENCE, r"licen[cs]e|pg-?header|pg-?footer|gutenberg-?licen[cs]e|full-?license"),
    (ILLUSTRATIONS, r"loi|lot|list-?of-?(illustrations|tables|figures|maps)"),
)
STEM_PATTERNS = [(kind, re.compile(rf"^(?:{pattern})$", re.I)) for kind, pattern in STEMS]
PREFIX = re.compile(
    r"^(?:\d+[-_. ]*)*(?:(?:oebps|text|xhtml|html|epub|part|section|bm|fm|cover)[-_. ](?=[a-z]))?(?:\d+[-_. ]*)*",
    re.I,
)


CLASSES = {
    "copyright": IMPRINT,
    "copyright-page": IMPRINT,
    "copyrightpage": IMPRINT,
    "copyright_page": IMPRINT,
    "imprint": IMPRINT,
    "impressum": IMPRINT,
    "legalnotice": IMPRINT,
    "colophon": COLOPHON,
    "toc": CONTENTS,
    "tableofcontents": CONTENTS,
    "table-of-contents": CONTENTS,
    "inhaltsverzeichnis": CONTENTS,
    "toctree-wrapper": CONTENTS,
    "navbox": CONTENTS,
    "catlinks": CONTENTS,
    "navheader": CONTENTS,
    "navfooter": CONTENTS,
    "navbar": CONTENTS,
    "breadcrumb": CONTENTS,
    "breadcrumbs": CONTENTS,
    "navigation": CONTENTS,
    "footnotes": NOTES,
    "endnotes": NOTES,
    "reflist": NOTES,
    "bibliography": BIBLIOGRAPHY,
    "coverpage": COVER,
    "advertisement": ADVERTISEMENT,
    "printfooter": LICENCE,
    "pg-license": LICENCE,
}


def class_matter(classes: list[str]) -> str | None:
    """What the classes of a block make of it."""
    return next((CLASSES[word] for word in classes if word in CLASSES), None)


def matter_of(types: set[str] | frozenset[str]) -> str | None:
    """What an element's types make of it; a kind that is left out is believed before one that is read."""
    found = [TYPES[word] for word in types if word in TYPES]
    return next((kind for kind in found if kind in SKIPPED), found[0] if found else None)


def by_stem(stem: str) -> str | None:
    """What a file's name says: `copyright`, `005_title-page` …"""
    plain = re.sub(r"[_ .]+", "-", stem.lower())
    for candidate in dict.fromkeys(
        (
            plain,
            PREFIX.sub("", plain),
            re.sub(r"^.*?-(?=[a-z])", "", plain) if plain[:1].isdigit() else plain,
            re.sub(r"(-?\d+)$", "", PREFIX.sub("", plain)),
        )
    ):
        for kind, pattern in STEM_PATTERNS:
            if candidate and pattern.match(candidate):
                return kind
    return None


@cache
def title_words() -> tuple[dict[str, dict[str, str]], list[tuple[str, re.Pattern]]]:
    """({title: {language: kind}}, [(kind, pattern)]) from data/title_words.json, in all its languages."""
    data = json.loads((Path(__file__).parent / "data" / "title_words.json").read_text("utf-8"))
    titles: dict[str, dict[str, str]] = {}
    for kind, entry in data.items():
        for language, said in entry["titles"].items():
            for word in said:
                titles.setdefault(fold(word), {}).setdefault(language, kind)
    return titles, [
        (kind, re.compile(pattern)) for kind, entry in data.items() for pattern in entry["patterns"]
    ]


def fold(title: str) -> str:
    """A title as it is compared: case, accents of typography, punctuation and white space apart."""
    folded = (
        title.casefold()
        .replace("’", "'")
        .replace("ß", "ss")
        .replace("\u00ad", "")
        .replace("\u2060", "")
        .replace("\u200b", "")
    )
    return " ".join(re.sub(r"[^\w'’]+", " ", folded).strip(" '_").split())


NUMBERED = re.compile(r"^(?:(?:[ivxlc]+|\d+)\s+)?(.*?)(?:\s+(?:\d+|[ivxlc]+))?$")


def by_title(title: str, language: str = "en") -> str | None:
    """What the words of a title say, in thirty languages; None for a title that says nothing.

    Where languages disagree the book's own is believed, then English, then the first that knows the word.
    """
    plain = fold(title)
    if not plain or len(plain) > 120:
        return None
    titles, patterns = title_words()
    for words in dict.fromkeys((plain, NUMBERED.sub(r"\1", plain))):
        known = titles.get(words)
        if known:
            return known.get(language[:2]) or known.get("en") or next(iter(known.values()))
    return next((kind for kind, pattern in patterns if pattern.search(plain)), None)
