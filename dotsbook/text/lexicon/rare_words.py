"""Words that hardly any text of a language has, by the lists of wordfreq where that is installed. It knows no books."""

from collections.abc import Collection

RARE = 1.0  # on Zipf's scale: one in a hundred million words
MOST = 0.03  # of a book's words: where more are rare, the book is older than the list, or its language bends words freely


def rare_words(words: Collection[str], language: str) -> frozenset[str]:
    """Those of a book's words, written small, that are rare; none where the list can't tell. language: its base code."""
    try:
        from wordfreq import available_languages, zipf_frequency
    except ImportError:
        return frozenset()
    if language not in available_languages("best"):
        return frozenset()
    rare = frozenset(word for word in words if zipf_frequency(word, language) < RARE)
    return rare if len(rare) <= MOST * len(words) else frozenset()
