"""The text of an OpenDocument → a page: paragraphs, spans, lists, tables, notes. What its styles mean is
odf_styles.py's."""

from dotsbook.text.blocks.elements import Element, local_name
from dotsbook.text.formats.parts.odf_styles import OdfStyles, own
from dotsbook.text.formats.parts.page_tree import CONTENTS, TITLE_PAGE, PageTree

INDEXES = ("table-of-content", "illustration-index", "table-index", "object-index", "user-index")
LEFT = ("tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms", "hidden-text")
MARKS = ("bookmark", "bookmark-start", "reference-mark", "reference-mark-start")


class OdfBody:
    """Writes a document's elements into `page`."""

    def __init__(self, styles: OdfStyles, language: str | None):
        self.styles = styles
        self.page = PageTree(language)
        self.title = ""  # what stands in the style Title
        self.notes: list[tuple[str, Element]] = []
        self.deleted = self.remarks = 0
        self.part: Element | None = None  # the title page being written

    def write(self, content: Element) -> None:
        self.deleted = sum(1 for _ in content.iter("{*}deletion"))
        self.remarks = sum(1 for _ in content.iter("{*}annotation"))
        for body in content.iter("{*}body"):
            for text in body.findall("{*}text"):
                self.blocks(text, self.page.body)
        for name, note in self.notes:
            self.blocks(note, self.page.note(name))

    def blocks(self, element: Element, place: Element) -> None:
        for child in element:
            name = local_name(child)
            if name in ("p", "h"):
                self.paragraph(child, place)
                continue
            self.part = None
            if name in INDEXES:
                self.blocks(child, self.page.open(place, "section", CONTENTS))
            elif name == "alphabetical-index":
                self.blocks(child, self.page.open(place, "section", "index"))
            elif name == "list":
                self.blocks(child, self.page.open(place, "ul"))
            elif name in ("list-item", "list-header"):
                self.blocks(child, place)
            elif name == "table":
                self.table(child, place)
            elif name in (
                "frame",
                "text-box",
                "section",
                "index-body",
                "index-title",
                "a",
                "g",
                "custom-shape",
            ):
                self.blocks(child, place)

    def table(self, element: Element, place: Element) -> None:
        table = self.page.open(place, "table")
        for row in element.iter("{*}table-row"):
            if next(above for above in row.iterancestors("{*}table")) is not element:
                continue
            made = self.page.open(table, "tr")
            for cell in row:
                if local_name(cell) == "table-cell":
                    self.blocks(cell, self.page.open(made, "td"))

    def paragraph(self, element: Element, place: Element) -> None:
        style = own(element, "style-name")
        level = self.styles.level(style)
        if local_name(element) == "h":
            said = own(element, "outline-level")
            level = min(6, int(said)) if said.isdigit() and said != "0" else level or 1
        kind = "" if level else self.styles.kind(style)
        if kind == "title":
            self.part = self.page.open(place, "section", TITLE_PAGE) if self.part is None else self.part
            place = self.part
        else:
            self.part = None
        if kind == "quote":
            place = self.page.open(place, "blockquote")
        above = element.getparent()
        listed = above is not None and local_name(above) in ("list-item", "list-header")
        tag = f"h{level}" if level else "li" if listed else "div" if kind == "verse" else "p"
        made = self.page.open(place, tag, attributes={"class": kind} if kind in ("verse", "caption") else {})
        boxes: list[Element] = []
        self.inline(element, made, boxes)
        if kind == "title" and not self.title:
            self.title = " ".join("".join(map(str, made.itertext())).split())
        for box in boxes:
            self.blocks(box, place)

    def inline(self, element: Element, place: Element, boxes: list[Element]) -> None:
        """Text with its looks, notes and marks. boxes: where text boxes go that follow the paragraph."""
        page = self.page
        if element.text:
            page.text(place, element.text)
        for child in element:
            name = local_name(child)
            if name == "note":
                self.note(child, place)
            elif name == "span":
                self.inline(child, self.look(child, place), boxes)
            elif name == "a":
                self.inline(child, page.open(place, "a", attributes={"href": own(child, "href")}), boxes)
            elif name in MARKS:
                page.open(place, "span", attributes={"id": own(child, "name")})
            elif name in ("s", "tab"):
                count = own(child, "c")
                page.text(place, " " * min(int(count), 80) if count.isdigit() else " ")
            elif name == "line-break":
                page.open(place, "br")
            elif name == "ruby":
                self.ruby(child, place, boxes)
            elif name in ("frame", "g", "custom-shape"):
                self.frame(child, place, boxes)
            elif name not in LEFT and not name.startswith("annotation"):
                self.inline(child, place, boxes)  # a field, a meta element: what it shows is text
            if child.tail:
                page.text(place, child.tail)

    def look(self, span: Element, place: Element) -> Element:
        """The elements that a span's style asks for; the innermost."""
        style = own(span, "style-name")
        raised = self.styles.look(style, "text-position").split(" ")[0]
        if self.styles.look(style, "display") == "none":
            place = self.page.open(place, "span", attributes={"hidden": "hidden"})
        if raised and raised != "0%":
            place = self.page.open(place, "sub" if raised.startswith(("sub", "-")) else "sup")
        if self.styles.look(style, "font-weight") == "bold":
            place = self.page.open(place, "strong")
        if self.styles.look(style, "font-style") in ("italic", "oblique"):
            place = self.page.open(place, "em")
        return place

    def note(self, element: Element, place: Element) -> None:
        """A mark here; the note itself at the page's end."""
        name = own(element, "id") or f"note-{len(self.notes) + 1}"
        mark = "".join(map(str, next(element.iter("{*}note-citation"), element).itertext()))
        body = next(element.iter("{*}note-body"), None)
        if body is not None:
            self.page.note_mark(place, name, mark.strip() or "*")
            self.notes.append((name, body))

    def ruby(self, element: Element, place: Element, boxes: list[Element]) -> None:
        """Characters with their reading above them."""
        made = self.page.open(place, "ruby")
        for part in element:
            self.inline(part, self.page.open(made, "rt" if local_name(part) == "ruby-text" else "rb"), boxes)

    def frame(self, element: Element, place: Element, boxes: list[Element]) -> None:
        """A picture with its description, or a box of text."""
        found = [node for node in element.iter("{*}text-box")]
        boxes.extend(found)
        if not found and next(element.iter("{*}image"), None) is not None:
            alt = next((node.text for tag in ("desc", "title") for node in element.iter(f"{{*}}{tag}")), "")
            self.page.open(place, "img", attributes={"alt": alt or ""})
