from dotsbook.book import Book
from dotsbook.casting.cast_of import read_cast


def test_a_book_without_words_has_no_cast():
    cast = read_cast(Book("", "", "en", {}, (), ()))
    assert not cast.characters and not cast.lines and cast.told
