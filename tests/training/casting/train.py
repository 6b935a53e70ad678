"""Trains the trees that attribute speech in English novels, and writes dotsbook/casting/data/english.npz.

    python -m tests.training.casting.train TEXTS OUT --litbank JSONL ORIGINALS --labels DIR [--rounds 250] [--leaves 20]

TEXTS holds the labelled novels as plain text; OUT is the file to write. See README.md for where they come from.
LightGBM is needed here, and only here.
"""

import argparse
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import lightgbm
import numpy as np

from dotsbook.book import Book
from dotsbook.casting.annotated import book_of
from dotsbook.casting.dialogue import dialogue
from dotsbook.casting.pair_features import NOBODY, OWN, SHARED, FeatureTable, look_at
from dotsbook.casting.people import owner, parse, spelled
from dotsbook.casting.roster import Member, Roster
from dotsbook.casting.second_look import second_look
from dotsbook.casting.speech_evidence import gather_evidence
from dotsbook.casting.surroundings import Surroundings
from dotsbook.casting.tree_model import softmax
from tests.training.casting.forest_file import arrays
from tests.training.casting.litbank import documents
from tests.training.casting.novel_labels import read_labels

FOLDS = 2
BESIDE = 40  # utterances before and after those labelled
SEEDS = (1, 2, 3)  # of the boosters that a pass is the mean of
HEATS = (1.0, 1.1, 1.2, 1.3, 1.45, 1.6)  # of the second softmax, that are tried


class Novel:
    """One novel's rows and its labels: the index of the right candidate in each group, -1 = unknown."""

    def __init__(self, name: str, scene: Surroundings, look: FeatureTable, truth: np.ndarray):
        self.name = re.sub(r"^\d+_", "", name)  # the same in LitBank and among the labels
        self.scene, self.look, self.truth = scene, look, truth


def labelled(evidence, quotes: list[tuple[int, str]], starts: list[int]) -> dict[int, int]:
    """{utterance: person} for quotations annotated by a place in them and a name; people are met by name, then by tags."""
    place = sorted(
        (starts[u.line] + a, starts[u.line] + b, k)
        for k, u in enumerate(evidence.utterances)
        for a, b in u.spans
    )
    begins = [start for start, _, _ in place]
    at: dict[int, str] = {}
    for where, name in quotes:
        k = bisect_right(begins, where) - 1
        if k >= 0 and where < place[k][1]:
            at[place[k][2]] = name
    votes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for k, name in at.items():
        utterance = evidence.utterances[k]
        if utterance.tag_score == 3 and utterance.who is not None:
            votes[name][utterance.who] += 1
    meant: dict[str, int] = {}
    for name in set(at.values()):
        if not name:
            meant[name] = NOBODY
            continue
        words = [
            word
            for word in re.sub(r"-\d+$", "", name).replace("_", " ").split()
            if word.lower() not in ("the", "a")
        ]
        spelt = spelled(" ".join(word.capitalize() if word.isupper() else word for word in words))
        if votes[name]:
            meant[name] = votes[name].most_common(1)[0][0]
        elif spelt in evidence.people.of:
            meant[name] = evidence.people.of[spelt]
        elif f"the {spelt.lower()}" in evidence.people.of:
            meant[name] = evidence.people.of[f"the {spelt.lower()}"]
        elif (who := owner(evidence.people, spelt, parse(spelt), Counter())) is not None:
            meant[name] = who
    return {k: meant[name] for k, name in at.items() if name in meant}


def by_hand(job: tuple[Book, list[tuple[int, str]], Roster | None]) -> Novel:
    """A novel whose quotations are labelled by hand, its people as far as the labels tell them."""
    book, quotes, roster = job
    _, chapters = dialogue(book)
    evidence = gather_evidence(chapters, roster)
    evidence.utterances = [utterance for utterance in evidence.utterances if not utterance.cited]
    starts = [paragraph.start for chapter in book.chapters for paragraph in chapter.paragraphs]
    scene = Surroundings(evidence)
    answers = labelled(evidence, quotes, starts)
    look = look_at(scene, stretch(answers, len(evidence.utterances)))
    truth = np.full(len(look.candidates), -1)
    for k, who in answers.items():
        people = look.candidates[k]
        truth[k] = people.index(who) if who in people else len(people) - 1
    return Novel(book.title, scene, look, truth)


def stretch(answers: dict[int, int], total: int) -> range:
    """The utterances that are labelled, and those around them that the second pass looks at."""
    if not answers:
        return range(0)
    return range(max(0, min(answers) - BESIDE), min(total, max(answers) + BESIDE + 1))


def both_ways(file: Path, texts: Path) -> Iterator[tuple[Book, list[tuple[int, str]], Roster | None]]:
    """A labelled novel with its people found, and with its people given."""
    novel_ = read_labels(file, texts)
    book = book_of(novel_.text, "en", file.stem)
    quotes = [(start + 1, name) for start, _, name in novel_.quotes]
    members = tuple(
        Member(name, tuple(one.get("also", ())), one.get("gender", ""), is_narrator=bool(one.get("narrator")))
        for name, one in novel_.characters.items()
    )
    yield book, quotes, None
    yield book, quotes, Roster(members)


def objective(begins: np.ndarray, truth: np.ndarray):
    """The softmax over each utterance's candidates, as LightGBM wants it: gradient and hessian of the log loss."""
    target = np.zeros(begins[-1])
    target[begins[:-1] + truth] = 1

    def loss(scores, _):
        chance = softmax(scores.astype(np.float64), begins)
        return chance - target, np.maximum(chance * (1 - chance), 1e-4)

    return loss


Boosters = list[lightgbm.Booster]


def fit(novels: list[Novel], tables: list[np.ndarray], rounds: int, leaves: int) -> Boosters:
    kept_rows, sizes, truths = [], [], []
    for one, table in zip(novels, tables, strict=True):
        counts = np.diff(one.look.begins)
        keep = one.truth >= 0
        kept_rows.append(table[np.repeat(keep, counts)])
        sizes.append(counts[keep])
        truths.append(one.truth[keep])
    begins = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    data = lightgbm.Dataset(np.concatenate(kept_rows), label=np.zeros(begins[-1]), free_raw_data=True)
    settings = {
        "objective": objective(begins, np.concatenate(truths)),
        "learning_rate": 0.08,
        "num_leaves": leaves,
        "min_data_in_leaf": 120,
        "min_sum_hessian_in_leaf": 0.6,
        "feature_fraction": 0.35,
        "lambda_l2": 1.0,
        "max_bin": 63,
        "num_threads": 1,
        "monotone_constraints": constraints(begins_with=len(SHARED), width=kept_rows[0].shape[1]),
        "verbose": -1,
    }
    return [lightgbm.train(settings | {"seed": seed}, data, rounds) for seed in SEEDS]


def constraints(begins_with: int, width: int) -> list[int]:
    """Which features may only speak for (1) or only against (-1) a candidate: as their names in pair_features say."""
    sign = {"+": 1, "-": -1}
    own = [sign.get(name[0], 0) for name in OWN]
    made = [0] * begins_with + own
    return made + [0] * (width - len(made))


def chances(boosters: Boosters, one: Novel, table: np.ndarray, heat: float = 1.0) -> np.ndarray:
    return softmax(np.mean([booster.predict(table) for booster in boosters], axis=0), one.look.begins, heat)


def train(novels: list[Novel], rounds: int, leaves: int) -> tuple[Boosters, Boosters, float]:
    """Both passes, and the heat of the second's softmax.

    The second is trained on first opinions of models that hadn't seen the novel. The heat is what makes the chances right
    in novels that a second pass hasn't seen.
    """
    tables = [one.look.rows for one in novels]
    names = sorted({one.name for one in novels})
    folds = [
        [k for k, one in enumerate(novels) if names.index(one.name) % FOLDS == fold] for fold in range(FOLDS)
    ]

    def without(fold: list[int], rows: list[np.ndarray]) -> Boosters:
        rest = [k for k in range(len(novels)) if k not in fold]
        return fit([novels[k] for k in rest], [rows[k] for k in rest], rounds, leaves)

    with ThreadPoolExecutor() as pool:
        first, *parted = pool.map(without, [[], *folds], [tables] * (FOLDS + 1))
        looks = list(tables)
        for fold, boosters in zip(folds, parted, strict=True):
            for k in fold:
                looks[k] = second_look(
                    novels[k].scene, novels[k].look, chances(boosters, novels[k], tables[k])
                )
        second, apart = pool.map(without, [[], folds[0]], [looks] * 2)
    losses = [sum(loss_of(apart, novels[k], looks[k], heat) for k in folds[0]) for heat in HEATS]
    return first, second, HEATS[int(np.argmin(losses))]


def loss_of(boosters: Boosters, one: Novel, table: np.ndarray, heat: float) -> float:
    """The log loss of a novel's labelled lines, with the second pass looked at twice, as opinion.py does."""
    late = chances(boosters, one, table, heat)
    last = chances(boosters, one, second_look(one.scene, one.look, late), heat)
    chance = (late + last) / 2
    at = np.flatnonzero(one.truth >= 0)
    return float(-np.log(np.maximum(chance[one.look.begins[at] + one.truth[at]], 1e-4)).sum())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("texts", type=Path, help="the labelled novels' texts")
    options.add_argument("out", type=Path)
    options.add_argument("--labels", type=Path, required=True)
    options.add_argument("--litbank", type=Path, nargs=2, required=True, metavar=("JSONL", "ORIGINALS"))
    options.add_argument("--rounds", type=int, default=250)
    options.add_argument("--leaves", type=int, default=20)
    said = options.parse_args()
    jobs = [(book, quotes, None) for book, quotes in documents(*said.litbank)]
    for file in sorted(said.labels.glob("*.json")):
        jobs += both_ways(file, said.texts)
    with ProcessPoolExecutor(2) as pool:
        novels = list(pool.map(by_hand, jobs))
    print(len(novels), "texts,", sum(int((one.truth >= 0).sum()) for one in novels), "lines", flush=True)
    first, second, heat = train(novels, said.rounds, said.leaves)
    print("heat", round(heat, 2))
    table = {f"first_{name}": value for name, value in arrays(first).items()}
    table |= {f"second_{name}": value for name, value in arrays(second).items()}
    np.savez_compressed(said.out, heats=np.array([1.0, heat]), **table)
    print(said.out, said.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
