"""The text of a Rich Text file → a page: paragraphs, their looks, tables and notes."""

from dataclasses import dataclass, field, replace

from dotsbook.text.blocks.elements import Element
from dotsbook.text.formats.parts.page_tree import CONTENTS, TITLE_PAGE, PageTree
from dotsbook.text.formats.parts.rtf_words import CHARSETS, WHOLE, RtfWord, code_page, words_of

# groups that hold no text of the manuscript
# fmt: off
LEFT = frozenset([
    "colortbl", "stylesheet", "fonttbl", "pict", "object", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "fldinst", "xe",
    "tc", "tcn", "annotation", "atnid", "atnauthor", "atntime", "atnref", "atndate", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "generator", "xmlnstbl", "themedata", "colorschememapping",
    "latentstyles", "datastore", "pntext", "pnseclvl", "nonshppict", "operator", "comment", "company",
    "doccomm", "category", "keywords", "subject", "manager", "hlinkbase", "creatim", "revtim", "printim",
    "buptim", "filetbl", "bkmkstart", "bkmkend", "userprops", "listname", "levelnumbers", "leveltext",
])
# fmt: on
DETAILS = {"title": "title", "author": "author"}
SIGNS = {
    "~": "\u00a0",
    "_": "\u2011",
    "-": "\u00ad",
    "\n": "\n",
    "\r": "\n",
    "\\": "\\",
    "{": "{",
    "}": "}",
}
CHARACTERS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": "\t",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
DEEPEST = 500  # groups within groups


@dataclass(frozen=True)
class RunLook:
    """What holds in a group."""

    left: bool = False  # nothing in it is text
    bold: bool = False
    italic: bool = False
    raised: str = ""  # "sup", "sub" or ""
    hidden: bool = False
    deleted: bool = False
    page: str = "cp1252"  # the code page of its characters
    skip: int = 1  # characters that stand for a \u one in old programs
    detail: str = ""  # of the file's properties, what this group says
    note: int = 0  # which note it is in


@dataclass
class Place:
    """Where characters go: a page's body, or a note's, and the paragraph being written."""

    body: Element
    made: list[tuple[str, RunLook]] = field(
        default_factory=list
    )  # characters of the paragraph and their looks
    marks: dict[int, str] = field(default_factory=dict)  # position in `made` → the note that a mark leads to
    row: Element | None = None  # of a table
    cell: Element | None = None


class RtfBody:
    """Writes a file's words into `page`."""

    def __init__(self) -> None:
        self.page = PageTree()
        self.details: dict[str, str] = {}
        self.fonts: dict[int, str] = {}  # font → code page
        self.styles: dict[int, str] = {}  # style → name, in small letters
        self.look, self.above = RunLook(), list[RunLook]()
        self.places = [Place(self.page.body)]
        self.notes = 0
        self.pending = b""  # bytes not yet characters
        self.unspoken = 0  # characters still to be passed over after \u
        self.level, self.style, self.in_table = 0, 0, False
        self.fresh = False  # a group has just opened: its first word may say what it is
        self.table: tuple[str, int] = (
            "",
            0,
        )  # the table being read (fonttbl, stylesheet), its entry's number

    def write(self, data: bytes) -> None:
        for word in words_of(data):
            if word.kind != "byte":
                self.settle()
            match word.kind:
                case "{":
                    self.open()
                case "}":
                    self.close()
                case "word":
                    self.word(word.name, word.number)
                case "sign":
                    self.sign(word.name)
                case "byte":
                    self.byte(word.number or 0)
                case "bytes":
                    self.characters(word)
        self.settle()
        while len(self.places) > 1:
            self.end_note()
        self.paragraph()

    # ── groups ──

    def open(self) -> None:
        if len(self.above) < DEEPEST:
            self.above.append(self.look)
        self.fresh = True

    def close(self) -> None:
        before = self.above.pop() if self.above else RunLook()
        if self.look.note > before.note and len(self.places) > 1:
            self.end_note()
        self.look, self.fresh = before, False
        if not self.look.left:
            self.table = ("", 0)

    def end_note(self) -> None:
        self.paragraph()
        self.places.pop()

    def change(self, **values: object) -> None:
        self.look = replace(self.look, **values)  # type: ignore[arg-type]  # the fields of RunLook

    # ── words ──

    def sign(self, sign: str) -> None:
        if sign == "*":
            self.change(left=True)  # a group that may be left out by who doesn't know it
            self.fresh = True
            return
        self.fresh = False
        if sign in SIGNS:
            self.put(SIGNS[sign])

    def word(self, name: str, number: int | None) -> None:
        fresh, self.fresh = self.fresh, False
        if fresh and self.destination(name):
            return
        off = number == 0
        match name:
            case "par" | "sect" | "page":
                self.paragraph()
            case "line":
                self.put("\n")
            case "pard":
                self.level, self.style, self.in_table = 0, 0, False
            case "plain":
                self.change(bold=False, italic=False, raised="", hidden=False, deleted=False)
            case "b":
                self.change(bold=not off)
            case "i":
                self.change(italic=not off)
            case "v":
                self.change(hidden=not off)
            case "deleted":
                self.change(deleted=not off)
            case "super" | "sub":
                self.change(raised="" if off else name[:3])
            case "up" | "dn":
                self.change(raised="" if off else {"up": "sup", "dn": "sub"}[name])
            case "nosupersub":
                self.change(raised="")
            case "outlinelevel":
                self.level = min(6, (number or 0) + 1) if (number or 0) < 9 else 0
            case "s":
                self.style, self.table = number or 0, (self.table[0], number or 0)
            case "f":
                self.table = (self.table[0], number or 0)
                self.change(page=self.fonts.get(number or 0, self.look.page))
            case "fcharset" if self.table[0] == "fonttbl":
                self.fonts[self.table[1]] = CHARSETS.get(number or 0, "cp1252")
            case "ansicpg":
                self.change(page=code_page(number))
            case "uc":
                self.change(skip=max(0, number if number is not None else 1))
            case "u":
                self.unicode(number or 0)
            case "intbl":
                self.in_table = True
            case "cell" | "nestcell":
                self.end_cell()
            case "row" | "nestrow":
                self.places[-1].row = self.places[-1].cell = None
            case _ if name in WHOLE:
                self.change(page=WHOLE[name])
            case _ if name in CHARACTERS:
                self.put(CHARACTERS[name])

    def destination(self, name: str) -> bool:
        """What a group is by its first word; True when that says all."""
        if name in ("fonttbl", "stylesheet"):
            self.table = (name, 0)
        if name in DETAILS:
            self.change(left=True, detail=DETAILS[name])
            return True
        if name in LEFT:
            self.change(left=True)
            return True
        if name in ("footnote", "fldrslt", "shptxt") and not any(look.detail for look in self.above):
            if name == "footnote":
                self.note()
            self.change(
                left=name == "fldrslt" and self.look.left and not self.look.detail and self.above[-1].left
            )
            return True
        return False

    def note(self) -> None:
        """A note begins: its mark stands where it was met."""
        self.notes += 1
        place = self.places[-1]
        made = f"note-{self.notes}"
        place.marks[len(place.made)] = made
        self.change(note=self.notes, left=False, raised="", hidden=False)
        self.places.append(Place(self.page.note(made)))

    # ── characters ──

    def unicode(self, number: int) -> None:
        code = number + 0x10000 if number < 0 else number
        self.unspoken = self.look.skip
        if 0xD800 <= code < 0xE000:  # half of a pair: kept till the other comes
            self.put(chr(code))
        elif code:
            self.put(chr(code) if code < 0x110000 else "")

    def byte(self, number: int) -> None:
        self.fresh = False
        if self.unspoken:
            self.unspoken -= 1
        else:
            self.pending += bytes((number,))

    def characters(self, word: RtfWord) -> None:
        self.fresh = False
        data = word.data[self.unspoken :]
        self.unspoken = max(0, self.unspoken - len(word.data))
        if self.table[0] == "stylesheet" and self.look.left:
            name = data.decode("cp1252", "replace").rstrip(";").strip().lower()
            if name:
                self.styles[self.table[1]] = name
        self.put(data.decode(self.look.page, "replace"))

    def settle(self) -> None:
        """Make bytes that stood one after another characters of their code page."""
        if self.pending:
            data, self.pending = self.pending, b""
            self.put(data.decode(self.look.page, "replace"))

    def put(self, text: str) -> None:
        look = self.look
        if look.detail:
            self.details[look.detail] = self.details.get(look.detail, "") + text
        elif not look.left and not look.deleted:
            self.places[-1].made.extend((char, look) for char in text)

    # ── paragraphs ──

    def end_cell(self) -> None:
        place = self.places[-1]
        self.in_table = True
        self.paragraph()
        place.cell = None

    def target(self, place: Place) -> Element:
        """Where a paragraph goes: the body, or the cell of a table."""
        if not self.in_table:
            place.row = place.cell = None
            return place.body
        if place.row is None:
            before = place.body[-1] if len(place.body) else None
            table = (
                before
                if before is not None and before.tag == "table"
                else self.page.open(place.body, "table")
            )
            place.row = self.page.open(table, "tr")
        if place.cell is None:
            place.cell = self.page.open(place.row, "td")
        return place.cell

    def paragraph(self) -> None:
        """Write what has been gathered as a paragraph."""
        place = self.places[-1]
        made, marks = place.made, place.marks
        place.made, place.marks = [], {}
        name = self.styles.get(self.style, "")
        level = self.level or heading_level(name)
        body = self.target(place)
        if name in ("title", "subtitle") and not self.level:
            body = self.page.open(body, "section", TITLE_PAGE)
        elif name.startswith("toc "):
            body = self.page.open(body, "section", CONTENTS)
        elif "quot" in name and not level:
            body = self.page.open(body, "blockquote")
        element = self.page.open(body, f"h{level}" if level else "p")
        run: list[str] = []
        for number, (char, look) in enumerate(made):
            if number in marks:
                self.end_run(run, made[number - 1][1] if number else look, element)
                self.page.note_mark(element, marks[number], "*")
            elif number and look != made[number - 1][1]:
                self.end_run(run, made[number - 1][1], element)
            run.append(char)
        if made:
            self.end_run(run, made[-1][1], element)
        if len(made) in marks:
            self.page.note_mark(element, marks[len(made)], "*")

    def end_run(self, run: list[str], look: RunLook, element: Element) -> None:
        """Write characters of one look."""
        text = "".join(run).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        run.clear()
        if not text:
            return
        if look.hidden:
            element = self.page.open(element, "span", attributes={"hidden": "hidden"})
        for wanted, tag in ((look.raised, look.raised), (look.bold, "strong"), (look.italic, "em")):
            if wanted and not (tag == "strong" and str(element.tag).startswith("h")):
                element = self.page.open(element, tag)
        for number, line in enumerate(text.split("\n")):
            if number:
                self.page.open(element, "br")
            self.page.text(element, line)


def heading_level(name: str) -> int:
    """1 to 6 for a style that is called a heading, in English or as a few word processors name it; 0."""
    word, _, number = name.rpartition(" ")
    known = ("heading", "überschrift", "titre", "título", "titolo", "заголовок", "rubrik", "kop", "nagłówek")
    return min(6, int(number)) if word in known and number.isdigit() and number != "0" else 0
