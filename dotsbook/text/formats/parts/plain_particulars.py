"""Title and author of a plain text: from a header's lines ("Title:", "Titre :", "The Project Gutenberg Etext of …, by …"),
else from the first lines of the text itself. It knows no chapters.
"""

import re

from dotsbook.text.formats.parts.heading_lines import sign_of

HEAD = 4000  # characters in which a header stands
TITLE_WORDS = (
    "title titel titre título titulo titolo titlu nimi teos tytuł název название заглавие назва τίτλος başlık judul 題名 "
    "標題 标题 書名 书名 제목 العنوان"
)
AUTHOR_WORDS = (
    "author autor autora auteur autore verfasser verfasserin tekijä kirjailija författare forfatter автор συγγραφέας yazar "
    "penulis pengarang 作者 著者 저자 المؤلف"
)
BY_WORDS = "by von par de di por door av af przez od napisał napisała написав написала автор от kirjoittanut kirj. του door yazan"
KEYED = r"^[ \t]*(?:{0})[ \t]*[:：][ \t]*(\S.*(?:\n[ \t]+\S.*)?)$"
TITLE, AUTHOR = (
    re.compile(KEYED.format("|".join(map(re.escape, words.split()))), re.M | re.I)
    for words in (TITLE_WORDS, AUTHOR_WORDS)
)
ARCHIVED = re.compile(  # the first line of Project Gutenberg's files, today's and those before 2004
    r"^\W{0,4}(?:The )?Project Gutenberg(?:'s|’s)?(?: E-?(?:text|book) of)?:?\s+(.{2,120}?),?\s+(?:by|von|par|de|di|por|door|af|av)"
    r"\s+([^\W\d_][^\n#\[]{1,60}?)\s*(?:[#\[(*\n]|$)",
    re.I | re.M | re.S,
)
ARCHIVED_UNSIGNED = re.compile(
    r"^\W{0,4}(?:The )?Project Gutenberg(?:'s|’s)?(?: E-?(?:text|book) of)?:?\s+(.{2,80}?)\s*(?:[#\[*\n]|$)",
    re.I | re.M,
)
BY = re.compile(rf"^(?:{'|'.join(map(re.escape, BY_WORDS.split()))})\s+([^\W\d_].{{1,60}})$", re.I)
BY_ALONE = frozenset(BY_WORDS.split())
NAME = re.compile(r"^[^\W\d_][^\W\d_.'’-]*\.?(?:[ -][^\W\d_][^\W\d_.'’-]*\.?){1,3}$")
LONGEST = 70  # characters of a title or a name in the text's first lines
WIDE_LONGEST = 24
WRAPPED = 50  # characters of a header's line from which the next goes on with it; under a shorter one stands a subtitle


def particulars_of(text: str, language: str) -> dict[str, str]:
    """{"title": …, "author": …}, what of them the text says."""
    head = text[:HEAD]
    found = {}
    if match := TITLE.search(head):
        first, _, second = match[1].partition("\n")
        found["title"] = " ".join((f"{first} {second}" if len(first) >= WRAPPED else first).split())
    if match := AUTHOR.search(head):
        found["author"] = "; ".join(" ".join(line.split()) for line in match[1].split("\n"))
    if "title" not in found and (match := ARCHIVED.search(head)):
        found = {"title": " ".join(match[1].split()), "author": " ".join(match[2].split())} | found
    if "title" not in found and (match := ARCHIVED_UNSIGNED.search(head)):
        found["title"] = match[1]
    return found or from_first_lines(head, language)


def from_first_lines(head: str, language: str) -> dict[str, str]:
    """What the first lines say: a title over "by" and a name, a name over a title in capitals, or a title alone."""
    blocks = [
        [line.strip() for line in block.split("\n") if line.strip()]
        for block in re.split(r"\n\s*\n", head[:1500])
    ]
    lines = [line for block in blocks for line in block][:6]
    if (
        language == "ja"
        and blocks
        and 2 <= len(blocks[0]) <= 3
        and all(len(line) <= WIDE_LONGEST for line in blocks[0])
    ):
        return {"title": blocks[0][0], "author": blocks[0][-1]}
    if len(lines) < 2 or not is_title(lines[0], language):
        return {}
    for line, after in zip(lines[1:4], [*lines[2:5], ""], strict=False):
        match = BY.match(line)
        name = match[1] if match else after if line.casefold().strip(" :") in BY_ALONE else ""
        if NAME.match(name.strip(" .")) and name.split()[0][0].isupper() and name.split()[-1][0].isupper():
            return {"title": cased(lines[0]), "author": cased(name)}
    over_title = NAME.match(lines[0]) and not lines[0].isupper() and lines[1].isupper()
    if over_title and is_title(lines[1], language) and len(lines) > 2 and sign_of(lines[2], language):
        return {"title": cased(lines[1]), "author": lines[0]}
    return {"title": cased(lines[0])} if lines[0].isupper() and len(blocks[0]) == 1 else {}


def is_title(line: str, language: str) -> bool:
    """Whether a line can be a book's title: short, no sentence, no chapter's number."""
    ends = line.endswith((".", "!", "?", ",", ";", ":")) and not (line.isupper() and line.endswith("."))
    return (
        0 < len(line) <= LONGEST and not ends and line[:1] not in "*-[<#" and sign_of(line, language) is None
    )


def cased(words: str) -> str:
    """Capitals as a title is written; a name or title in small letters stays."""
    words = words.strip(" .")
    return words.title().replace("’S", "’s").replace("'S", "'s") if words.isupper() else words
