"""What an XHTML element says of itself: its types, roles, classes and language, and what they mean to the ear. It sees one element at a time."""

import re

from dotsbook.book import Kind

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SSML_PH = "{http://www.w3.org/2001/10/synthesis}ph"

BLOCKS = frozenset("""address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr
    ul html frameset noframes""".split())
UNCOUNTED = frozenset(("script", "style", "head", "template"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}

NOTE_REFERENCES = frozenset(("noteref", "annoref", "doc-noteref"))
NOTES = frozenset("""footnote footnotes endnote endnotes rearnote rearnotes note notes annotation sidenote doc-footnote doc-endnote
    doc-endnotes""".split())
PAGE_MARKS = frozenset(("pagebreak", "doc-pagebreak"))
BACK_LINKS = frozenset(("backlink", "doc-backlink", "referrer"))
SPEAKERS = frozenset(("z3998:persona", "persona"))
DIRECTIONS = frozenset(("z3998:stage-direction", "stage-direction"))

PAGE_CLASS = re.compile(r"^(x-ebookmaker-)?(page-?_?(num(ber)?|no|break|nr)s?|pgnum|pgno|pg-?break|pageno|seitenzahl|folio)$")
PAGE_ID = re.compile(r"^(page|pg|p|seite|pag|folio)[_-]?\d+[a-z]?$", re.I)
PAGE_TEXT = re.compile(r"^[\[({]?\s*(p|pp|pg|pag|pág|page|seite|s|стр|с|str|f)?\.?\s*([0-9]{1,4}|[ivxlcdm]{1,9})\s*[\])}]?$", re.I)
LINE_CLASS = re.compile(r"^(lnum|line-?_?num(ber)?s?|lineno|linenr|ln|verse-?num(ber)?|versenum|poem-?line-?num)$")
NOTE_CLASS = re.compile(r"^(foot-?_?notes?|end-?_?notes?|fn|rearnotes?|note-?body|footnote-?(text|body))$")
REFERENCE_CLASS = re.compile(r"(noteref|footnote-?(ref|anchor|link|call)|fn-?ref|endnote-?ref|fnanchor|footnotecall|refnote|_idfootnotelink|reference|superscript|noteanchor|pagenote)", re.I)
NOTE_TARGET = re.compile(r"(^|[^a-z])(f?n|ftn|fn|foot|end|rear|note|cite|anm|nota|nt|_ftn|_edn|endnote|footnote|fussnote|fußnote|sdfootnote)[a-z]*[_.-]?\d+|(note|fn|ftn)", re.I)
NOTE_MARK = re.compile(r"^[\[({（［〔【]?\s*([0-9]{1,4}|[०-९]{1,4}|[٠-٩]{1,4}|[*∗＊†‡§¶‖#※]{1,4}|[ivxlc]{1,6}|[A-Za-z]|注\s*[0-9]{0,4}|note\s*[0-9]{1,3}|(?:note|nota|anm|n|fn)\.?\s*[0-9]{1,3})\s*[\])}）］〕】]?[.:]?$", re.I)
BARE_MARK = re.compile(r"^([\[(（［]?\s*[0-9]{1,3}\s*[\])）］]|[0-9]{1,3}|[*∗†‡§¶]{1,3}|\[[a-z]\])$")
BRACKETED = re.compile(r"^[\[［〔【]\s*([0-9]{1,4}|[०-९]{1,4}|[٠-٩]{1,4}|[a-zA-Z]|[*†‡§]+)\s*[\]］〕】]$")
DROP_CLASS = re.compile(r"drop-?_?cap|dropcap|lettrine|initial(e|cap)?$|firstletter|first-?letter|bigcap|versal", re.I)
SPEAKER_CLASS = re.compile(r"^(speaker|persona|char(acter)?-?name|speaker-?name|sprecher|personnage|role-?name|dramatis-?name)$")
DIRECTION_CLASS = re.compile(r"^(stage-?_?dir(ection)?s?|stagedir|didascalie|regieanweisung|direction)$")
VERSE_CLASS = re.compile(r"^(verse|poem|poetry|poema|gedicht|stanza|strophe|song|lyrics?|hymn|linegroup|line-?group|lg|pg-?poem|poetry-container|versos?|poesia)$")
LINE_BLOCK = re.compile(r"^(line|verse-?line|l|i\d{1,2}|indent\d*|v|vers|verso)$")
VERSE_TYPES = frozenset(("z3998:verse", "z3998:poem", "z3998:song", "z3998:hymn", "z3998:lyrics"))
QUOTE_TYPES = frozenset(("epigraph", "z3998:letter", "doc-epigraph", "z3998:epistle", "pullquote", "doc-pullquote"))
QUOTE_CLASS = re.compile(r"^(blockquote|block-?quote|epigraph|letter|quote|extract|excerpt|diary)$")
SCENE_CLASS = re.compile(r"(^|[-_])(scene-?break|section-?break|thought-?break|text-?break|context-?break|line-?break|space-?break|ornament(al)?|asterism|dinkus|separator|divider|tb|fleuron|transition|szenenwechsel)($|[-_\d])", re.I)
CAPTION_CLASS = re.compile(r"^(caption|captions|fig-?caption|illustration-?caption|bildunterschrift|legend|figcaption|caption-?text|figure-?caption)$")
HEADING_CLASS = re.compile(r"^(chapter-?_?(title|head(ing)?|num(ber)?|name)|chap-?(title|head|num)|part-?(title|head(ing)?|num(ber)?)|heading-?\d?|titolo-?capitolo|kapitel(titel|überschrift)?|ct|cn|chaptertitle|chapterhead|chapnum|chaptitle|h[1-6]|msoheading\d|überschrift-?\d|titre-?\d?)$")
BOILERPLATE = re.compile(r"^(pg-?(boilerplate|header|footer)|pgheader|pgfooter|project-?gutenberg)$")
TRANSCRIBER = re.compile(r"^(tnote|transnote|transcribers?-?_?notes?|tn|trans-?note|tnotes)$")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

ORNAMENT = re.compile(r"^[\s*∗＊⁂⁎⁑•·●○◆◇◊■□▪▫★☆✦✧✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋❦❧☙§#~～〜=_–—―─\-+xX※◦⸻…\.oO°¤†‡|/\\^<>ღ♦♠♣♥♡♢☼☽☾]{1,60}$")
SOFT = re.compile(r"[\w]")


def words_of(element: object) -> set[str]:
    """The element's epub:type and role tokens."""
    attributes = element.attrib
    if not attributes:
        return set()
    said = attributes.get(EPUB_TYPE) or attributes.get("epub:type") or ""
    role = attributes.get("role") or ""
    if role == "note":         # a remark, not a footnote
        role = ""
    return set(f"{said} {role}".lower().split()) if said or role else set()


def classes_of(element: object) -> list[str]:
    said = element.attrib.get("class")
    return said.lower().split() if said else []


def language_of(element: object) -> str | None:
    attributes = element.attrib
    if not attributes:
        return None
    return canonical(attributes.get(XML_LANG) or attributes.get("lang") or attributes.get("xml:lang"))


def canonical(tag: str | None) -> str | None:
    """A BCP 47 tag in its usual letter case; None for what names no language."""
    parts = (tag or "").strip().replace("_", "-").split("-")
    first = parts[0].lower()
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()) or first in ("und", "zxx", "mul", "mis"):
        return None
    rest = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()
            for part in parts[1:] if part.isascii() and part.isalnum()]
    return "-".join([first, *rest])


def is_ornament(text: str) -> bool:
    """A paragraph that only draws a scene break: `* * *`, `⁂`, `~`, `#`, a rule of dashes."""
    bare = "".join(text.split())
    if not bare or len(bare) > 40 or not ORNAMENT.match(bare):
        return False
    letters = set(bare.lower()) & set("xo.…°-–—―")
    if letters == set(bare.lower()):       # letters and plain marks only: a row of the same, three or more
        return len(set(bare.lower())) == 1 and (len(bare) >= 3 or bare in ("—", "–", "―", "⸻")) and bare not in ("...", "....")
    return True


def is_note_reference(element: object, types: set[str], classes: list[str], text: str, before: str) -> bool:
    """Whether a link or a superscript is a note's mark and no part of the sentence.

    `text` is the element's own, tidy; `before` the character that stands before it ('' at a paragraph's start).
    """
    if types & NOTE_REFERENCES:
        return True
    if not text or len(text) > 12:
        return False
    name = local_name(element)
    if name == "a":
        link = element.get("href") or ""
        return bool(link) and bool(NOTE_MARK.match(text)) and looks_like_note_link(element, link, classes, text)
    if name == "sup":
        return bare_superscript(text, before, classes)
    return bool(NOTE_MARK.match(text)) and any(REFERENCE_CLASS.search(word) for word in classes) and not text.isalpha()


def looks_like_note_link(element: object, link: str, classes: list[str], text: str) -> bool:
    """A link whose text could be a note mark: does it stand high, in brackets, or lead to a note?"""
    parent = element.getparent()
    high = any(local_name(child) == "sup" for child in element) or (parent is not None and local_name(parent) == "sup")
    marked = any(REFERENCE_CLASS.search(word) for word in classes)
    symbol = not any(char.isalnum() for char in text)
    anchor = link.partition("#")[2]
    told = bool(NOTE_TARGET.search(anchor)) or bool(NOTE_TARGET.search(element.get("id") or element.get("name") or "")) \
        or bool(re.search(r"note|fn|anm", link.partition("#")[0].rpartition("/")[2], re.I))
    if not anchor and not told:
        return False
    if text.isalpha() and len(text) > 1:
        return (high or told) and text.islower()
    return high or marked or symbol or bool(BRACKETED.match(text)) or (told and not text.isalpha())


UNITS = frozenset("m mm cm dm km µm qm ft in yd mi s h x y z n k r a b c e i sin cos tan log ln co h2 π km2".split())


def bare_superscript(text: str, before: str, classes: list[str]) -> bool:
    """A superscript with no link: a note mark after a word or its stop, never an exponent or an ordinal."""
    if BRACKETED.match(text):
        return True
    if not BARE_MARK.match(text):
        return False
    if any(REFERENCE_CLASS.search(word) for word in classes if word != "superscript"):
        return True
    if not any(char.isalnum() for char in text):
        return True
    last = before[-1:]
    if last in ".,;:!?…”’\"'»)]。！？」』":
        return not before[-2:-1].isdigit() or last in "”’\"'»"
    word = re.search(r"[^\W\d_]+$", before)
    return bool(word) and len(word.group()) >= 4 and word.group().lower() not in UNITS and not re.search(r"[\d⁄/=+−*^]\W*\w*$", before[-12:])


def is_page_mark(element: object, types: set[str], classes: list[str], text: str) -> bool:
    if types & PAGE_MARKS:
        return True
    if any(PAGE_CLASS.match(word) for word in classes) and (not text or len(text) <= 24):
        return True
    name = element.get("id") or element.get("name") or ""
    return bool(text) and bool(PAGE_ID.match(name)) and bool(PAGE_TEXT.match(text)) and local_name(element) in ("a", "span")


def local_name(element: object) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def kind_of(name: str, types: set[str], classes: list[str]) -> Kind | None:
    """What an element makes of the text in it, if anything."""
    if name in HEADINGS or "heading" in types or types & {"z3998:title", "doc-subtitle", "bridgehead"} and name in ("p", "div"):
        return Kind.HEADING
    if name in ("figcaption", "caption") or any(CAPTION_CLASS.match(word) for word in classes):
        return Kind.CAPTION
    if types & VERSE_TYPES or any(VERSE_CLASS.match(word) for word in classes):
        return Kind.VERSE
    if types & DIRECTIONS or any(DIRECTION_CLASS.match(word) for word in classes):
        return Kind.DIRECTION
    if name == "blockquote" or types & QUOTE_TYPES or any(QUOTE_CLASS.match(word) for word in classes):
        return Kind.QUOTE
    match name:
        case "li" | "dt" | "dd":
            return Kind.ITEM
        case "td" | "th":
            return Kind.CELL
    if name in ("p", "div") and any(HEADING_CLASS.match(word) for word in classes):
        return Kind.HEADING
    return None
