"""Makes a language's table of letter triples for `lexicon find` from a list of words: how words of it are spelled.

    python tests/benchmarks/letter_triples.py WORDS LEAST > dotsbook/text/lexicon/data/LANGUAGE.txt

WORDS has a word a line; triples that fewer than LEAST words have are left out. English was made with LEAST 15 from
the 210,768 words of web2 that are written small (Webster's Second International, 1934, in the public domain), with
their plurals in -s and -ies.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from dotsbook.text.lexicon.spelling import triples_of


def plurals(words: set[str]) -> set[str]:
    """English ones, as far as -s and -ies go."""
    return {word + "s" for word in words if not re.search("(?:s|x|z|ch|sh|y)$", word)} | {
        word[:-1] + "ies" for word in words if re.search("[^aeiou]y$", word)
    }


def table(words: set[str], least: int) -> list[str]:
    """Lines of two letters and all that may follow them; "_" is a word's edge."""
    counts = Counter(triple for word in words for triple in triples_of(word))
    after: dict[str, list[str]] = defaultdict(list)
    for triple in sorted(counts):
        if counts[triple] >= least:
            after[triple[:2]].append(triple[2])
    return [f"{pair} {''.join(thirds)}" for pair, thirds in sorted(after.items())]


if __name__ == "__main__":
    listed = {line.strip() for line in Path(sys.argv[1]).read_text("utf-8").splitlines()}
    small = {word for word in listed if word.isalpha() and word.islower()}
    print(*table(small | plurals(small), int(sys.argv[2])), sep="\n")
