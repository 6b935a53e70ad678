"""A board that is kept up to date with the ledger says what one says that has just been made."""

import random

import pytest

import dotsbook
from dotsbook.production.line_board import LineBoard
from dotsbook.production.session import Session
from dotsbook.render.take_rows import Facts


def told(board: LineBoard) -> list[tuple]:
    return [
        (line.id, line.key, line.state, line.locked, line.notes, line.score, line.seconds)
        for line in board.lines
    ] + [chapter.record() for chapter in board.chapters.values()]


def loaded(board: LineBoard) -> LineBoard:
    while not board.load():
        pass
    return board


def forget(folder, book, chance) -> None:
    with Session(folder) as session, session.writing() as ledger:
        ledger.forget(chance.sample(sorted(ledger.keys()), 2))


def replace(folder, book, chance) -> None:
    """A take, the newest or another, is made again under its key."""
    with Session(folder) as session, session.writing() as ledger:
        takes = ledger.finished()
        newest = ledger.rows("SELECT key FROM takes ORDER BY rowid DESC LIMIT 1")[0][0]
        key = chance.choice([newest, *sorted(takes)])
        [(base, voice, language)] = ledger.rows(
            "SELECT base, voice, language FROM takes WHERE key = ?", [key]
        )
        facts = Facts(health={}, healthy=chance.random() < 0.5, voice=voice, language=language, base=base)
        ledger.add([(takes[key], facts)])


def retake(folder, book, chance) -> None:
    book.retake([line(book, chance)])


def render(folder, book, chance) -> None:
    list(book.render(limit=2))


def choose(folder, book, chance) -> None:
    name = line(book, chance)
    if takes := book.review.story(name).takes:
        book.choose(name, chance.choice([None, *(take.key for take in takes)]))


def approve(folder, book, chance) -> None:
    name = line(book, chance)
    if any(take.stands for take in book.review.story(name).takes):
        book.approve([name])


def line(book, chance) -> str:
    return chance.choice([chunk.id for chunk in book.chunks()])


@pytest.mark.parametrize("seed", range(2))
def test_a_board_kept_up_to_date_is_as_a_new_one(folder, seed):
    chance = random.Random(seed)
    with dotsbook.open(folder) as book, dotsbook.open(folder) as other:
        kept = loaded(book.review.board)
        for _ in range(14):
            chance.choice([forget, replace, replace, retake, retake, render, choose, approve])(
                folder, other, chance
            )
            kept.refresh()
            with Session(folder) as session:
                new = loaded(LineBoard(session))
                assert told(kept) == told(new)
                new.close()


def test_what_changes_while_it_is_loaded_is_seen(folder):
    with dotsbook.open(folder) as book, dotsbook.open(folder) as other:
        board = book.review.board
        board.refresh()
        other.retake(["1.2"])
        list(other.render())
        loaded(board).refresh()
        with Session(folder) as session:
            new = loaded(LineBoard(session))
            assert told(board) == told(new)
            new.close()
