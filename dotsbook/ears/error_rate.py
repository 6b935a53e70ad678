"""Word and character error rates as the lists count them that speech synthesis is evaluated on. It hears nothing.

After the scripts of Seed-TTS-eval: marks go (the apostrophe stays), double blanks become one, English is made small, each
character of Chinese is a word; a line's rate is its least changes over its words, and a list's is the mean of its lines'.
"""

import string
from collections.abc import Sequence

from dotsbook.language_code import primary

# those of Python's `string` and of `zhon.hanzi`, without the apostrophe
WIDE = "＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､\u3000、〃〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿"
MARKS = (string.punctuation + WIDE + "–—‘’‛“”„‟…‧﹏﹑﹔·．！？｡。").replace("'", "")
BY_CHARACTER = ("zh", "ja", "th", "yue", "ko")  # languages of which characters are counted


def is_by_character(language: str) -> bool:
    return primary(language) in BY_CHARACTER


def counted(text: str, language: str) -> list[str]:
    """A text as the words, or characters, that are compared."""
    text = text.translate(dict.fromkeys(map(ord, MARKS))).replace("  ", " ")
    if is_by_character(language):
        return [letter for letter in text if not letter.isspace()]
    return text.lower().split()


def error_rate(written: str, heard: str, language: str) -> float:
    """Changes to make of one text the other, over the words written: 0, the same; over 1 for much that was added."""
    truth, found = counted(written, language), counted(heard, language)
    return least_changes(truth, found) / len(truth) if truth else float(bool(found))


def least_changes(one: Sequence[str], other: Sequence[str]) -> int:
    """The least number of words to put in, take out or change."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        above, row[0] = row[0], number
        for at, right in enumerate(other, 1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (left != right))
    return row[-1]
