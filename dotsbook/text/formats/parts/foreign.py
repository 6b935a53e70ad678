"""What a file is that is no EPUB, by its first bytes or by what a zip holds, and what can be done about it. It opens nothing."""

import re

CONVERT = "make an EPUB of it first (Calibre does), or save its text as Markdown"
SAVE = "save it as plain text or Markdown, or make an EPUB of it"
UNPACK = "unpack it and name the book that is in it"
DRM = "it holds a book only for the shop's own readers; use an edition without DRM"

HEADS = (  # (where, bytes, what it is, what to do)
    (0, b"%PDF", "a PDF", "name it so that it ends in .pdf"),
    (60, b"BOOKMOBI", "a Kindle book (MOBI)", CONVERT),
    (60, b"TEXtREAd", "an old Kindle or Palm book", CONVERT),
    (0, b"TPZ", "a Kindle book (Topaz)", CONVERT),
    (0, b"\xeaDRMION", "a Kindle book with DRM (KFX)", DRM),
    (0, b"CONT\2", "a Kindle book (KFX)", CONVERT),
    (0, b"ITOLITLS", "a book for Microsoft's old Reader (LIT)", CONVERT),
    (0, b"ITSF", "a help file (CHM)", CONVERT),
    (0, b"AT&TFORM", "a DjVu", CONVERT),
    (0, b"{\\rtf", "a document in Rich Text", "name it so that it ends in .rtf"),
    (0, b"\xd0\xcf\x11\xe0", "an old Word document", SAVE),
    (0, b"\x1f\x8b", "a file packed by gzip", UNPACK),
    (0, b"BZh", "a file packed by bzip2", UNPACK),
    (0, b"\xfd7zXZ", "a file packed by xz", UNPACK),
    (0, b"7z\xbc\xaf", "a 7z archive", UNPACK),
    (0, b"Rar!", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"\x89PNG", "a picture", "name the book itself"),
    (0, b"\xff\xd8\xff", "a picture", "name the book itself"),
    (0, b"ID3", "a recording", "name the book itself"),
)
WORDS = (  # patterns of a text's beginning
    (r"ns\.adobe\.com/adept|fulfillmentToken", "an order for Adobe Digital Editions (ACSM)", DRM),
    (r"readium\.org/lcp", "a licence for a loan (LCP)", DRM),
    (r"<FictionBook", "a FictionBook", "name it so that it ends in .fb2"),
    (
        r"<(!doctype html|html|head|body)\b",
        "a web page",
        f"was it a shop's page for signing in? Download the book again; or {SAVE}",
    ),
)
INSIDE = (  # patterns of names in a zip
    (r"word/document\.xml", "a Word document", "name it so that it ends in .docx"),
    (r"content\.xml", "an OpenDocument text", "name it so that it ends in .odt"),
    (r".+\.fb2", "a FictionBook, zipped", "name it so that it ends in .fb2"),
    (r".+\.(epub|mobi|azw3?|pdf|docx)", "a zip with books in it", UNPACK),
    (r".+\.(mp3|m4[ab]|opus|flac)", "a zip of recordings", "name the book's text"),
    (r".+\.x?html?", "a web page, zipped", UNPACK),
    (r".+\.(jpe?g|png|webp|gif)", "a zip of pictures (a comic?)", "there is no text in it to narrate"),
)


def told(head: bytes) -> str | None:
    """What a file is by its first kilobytes, and what to do: "a PDF; …"; None if it is nothing known."""
    for at, mark, what, advice in HEADS:
        if head[at:].startswith(mark):
            return f"{what}; {advice}"
    if not head.strip(b"\0"):
        return "a file of noughts: its download failed; get it again"
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    for pattern, what, advice in WORDS:
        if re.search(pattern, text, re.I):
            return f"{what}; {advice}"
    plain = sum(char.isprintable() or char.isspace() for char in text)
    return "plain text; name it .txt or .md" if plain > 0.99 * len(text) else None


def by_names(names: list[str]) -> str | None:
    """What a zip is by the names in it, and what to do."""
    for pattern, what, advice in INSIDE:
        if any(re.fullmatch(pattern, name, re.I) for name in names):
            return f"{what}; {advice}"
    return None
