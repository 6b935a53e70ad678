"""The text of a Word document → a page: paragraphs, runs, tables, notes. What its styles mean is word_styles.py's."""

from dotsbook.text.blocks.elements import Element, local_name
from dotsbook.text.formats.parts.page_tree import CONTENTS, TITLE_PAGE, PageTree
from dotsbook.text.formats.parts.word_styles import W, WordStyles, value

NEW_TEXT = (
    "ins",
    "moveTo",
    "smartTag",
    "sdtContent",
    "sdt",
    "fldSimple",
    "customXml",
    "dir",
    "bdo",
)  # hold runs
OFF = ("0", "false", "off", "none")
VML = "{urn:schemas-microsoft-com:vml}"


class WordBody:
    """Writes a document's elements into `page`."""

    def __init__(self, styles: WordStyles, language: str | None):
        self.styles = styles
        self.page = PageTree(language)
        self.title = ""  # what stands in the style Title
        self.deleted = self.remarks = 0
        self.place: Element = self.page.body
        self.boxes: list[Element] = []  # text boxes met in the paragraph being written

    def write(self, document: Element) -> None:
        self.deleted = sum(1 for _ in document.iter(f"{W}delText"))
        self.remarks = sum(1 for _ in document.iter(f"{W}commentReference"))
        for body in document.iter(f"{W}body"):
            self.blocks(body, self.page.body)

    def write_notes(self, kind: str, root: Element) -> None:
        """Foot- or endnotes at the page's end, where their marks lead."""
        for note in root.iter(f"{W}{kind}"):
            if note.get(f"{W}type") in (None, "normal"):
                self.blocks(note, self.page.note(f"{kind}-{note.get(f'{W}id')}"))

    def blocks(self, element: Element, place: Element) -> None:
        """Paragraphs and tables, wherever content controls and changes have put them."""
        part: Element | None = None  # a title page or a table of contents being written
        said = ""
        for child in element:
            name = tag_of(child)
            if name == "p":
                kind = self.styles.kind(child.find(f"{W}pPr"))
                wanted = {"title": TITLE_PAGE, "contents": CONTENTS}.get(kind, "")
                if not wanted or wanted != said:
                    part = self.page.open(place, "section", wanted) if wanted else None
                said = wanted
                self.paragraph(child, place if part is None else part, kind)
            elif name == "tbl":
                self.table(child, place)
            elif name == "sdt" and is_contents(child):
                self.blocks(child.find(f"{W}sdtContent"), self.page.open(place, "section", CONTENTS))  # type: ignore[arg-type]
            elif name in NEW_TEXT:
                self.blocks(child, place)
            elif name == "AlternateContent":
                self.blocks(chosen(child), place)

    def paragraph(self, element: Element, place: Element, kind: str) -> None:
        properties = element.find(f"{W}pPr")
        level = self.styles.level(properties)
        listed = self.styles.listed(properties)
        tag = f"h{level}" if level else "li" if listed and kind != "title" else "p"
        if kind == "quote" and not level:
            place = self.page.open(place, "blockquote")
        attributes = {"class": kind} if kind in ("verse", "caption") and not level else {}
        made = self.page.open(place, "div" if kind == "verse" and not level else tag, attributes=attributes)
        number = self.styles.number(listed) if listed else ""
        if level and number:
            self.page.text(made, f"{number} ")
        before = self.page.chars
        self.runs(element, made)
        if kind == "title" and not self.title and self.page.chars > before:
            self.title = " ".join("".join(map(str, made.itertext())).split())
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box, place)

    def runs(self, element: Element, place: Element) -> None:
        for child in element:
            name = tag_of(child)
            if name == "r":
                self.run(child, place)
            elif name == "hyperlink":
                target = child.get(f"{W}anchor")
                link = self.page.open(place, "a", attributes={"href": f"#{target}"} if target else {})
                self.runs(child, link)
            elif name == "bookmarkStart" and child.get(f"{W}name"):
                self.page.open(place, "span", attributes={"id": child.get(f"{W}name", "")})
            elif name in ("oMath", "oMathPara"):
                self.page.text(self.page.open(place, "math"), "".join(map(str, child.itertext())))
            elif name in NEW_TEXT:
                self.runs(child, place)
            elif name == "AlternateContent":
                self.runs(chosen(child), place)

    def run(self, element: Element, place: Element) -> None:
        """A run of characters of one look."""
        properties = element.find(f"{W}rPr")
        inner = place
        if on(properties, "vanish"):
            inner = self.page.open(inner, "span", attributes={"hidden": "hidden"})
        raised = value(properties, "vertAlign")
        if raised in ("superscript", "subscript"):
            inner = self.page.open(inner, raised[:3])
        if on(properties, "b") and local_name(place) not in HEADS:
            inner = self.page.open(inner, "strong")
        if on(properties, "i") or "emphasis" in self.styles.names(value(properties, "rStyle")):
            inner = self.page.open(inner, "em")
        self.pieces(element, inner)

    def pieces(self, element: Element, place: Element) -> None:
        page = self.page
        for child in element:
            match tag_of(child):
                case "t":
                    page.text(place, child.text or "")
                case "tab" | "ptab":
                    page.text(place, "\t")
                case "br" | "cr":
                    if child.get(f"{W}type") not in ("page", "column"):
                        page.open(place, "br")
                case "noBreakHyphen":
                    page.text(place, "\u2011")
                case "softHyphen":
                    page.text(place, "\u00ad")
                case "sym":
                    page.text(place, symbol(child))
                case "footnoteReference" | "endnoteReference" as name:
                    note = child.get(f"{W}id", "")
                    page.note_mark(place, f"{name.removesuffix('Reference')}-{note}", note)
                case "ruby":
                    self.ruby(child, place)
                case "drawing" | "pict" | "object":
                    self.drawing(child, place)
                case "AlternateContent":
                    self.pieces(chosen(child), place)

    def ruby(self, element: Element, place: Element) -> None:
        """Characters with their reading above them."""
        ruby = self.page.open(place, "ruby")
        for part, tag in (("rubyBase", "rb"), ("rt", "rt")):
            for found in element.findall(f"{W}{part}"):
                self.runs(found, self.page.open(ruby, tag))

    def drawing(self, element: Element, place: Element) -> None:
        """A picture with its description, and the text of a box, which follows the paragraph."""
        boxes = list(element.iter(f"{W}txbxContent"))
        self.boxes.extend(boxes[:1] if element.find(f".//{VML}textbox") is not None else boxes)
        alt = next((node.get("descr") for node in element.iter("{*}docPr") if node.get("descr")), "")
        if not boxes:
            self.page.open(place, "img", attributes={"alt": alt or ""})

    def table(self, element: Element, place: Element) -> None:
        table = self.page.open(place, "table")
        for row in rows(element, "tr"):
            made = self.page.open(table, "tr")
            for cell in rows(row, "tc"):
                self.blocks(cell, self.page.open(made, "td"))


HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")


def rows(element: Element, name: str) -> list[Element]:
    """A table's rows, or a row's cells, also within content controls; those of tables inside it aren't its own."""
    found: list[Element] = []
    for child in element:
        if tag_of(child) == name:
            found.append(child)
        elif tag_of(child) in NEW_TEXT:
            found.extend(rows(child, name))
    return found


def tag_of(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def on(properties: Element | None, name: str) -> bool:
    """Whether a look is switched on."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(f"{W}val", "1").lower() not in OFF


def chosen(element: Element) -> Element:
    """What is read where the same is written for newer and older programs."""
    return next(iter(element), element)


def symbol(element: Element) -> str:
    """A character of a symbol font: those at private places have no meaning as text."""
    code = element.get(f"{W}char", "")
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 else ""


def is_contents(element: Element) -> bool:
    """Whether a content control holds a table of contents that Word made."""
    gallery = element.find(f"{W}sdtPr//{W}docPartGallery")
    return (
        gallery is not None
        and "contents" in gallery.get(f"{W}val", "").lower()
        and element.find(f"{W}sdtContent") is not None
    )
