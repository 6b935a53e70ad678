"""Trains the trees that attribute speech in English novels, and writes dotsbook/casting/data/english.npz.

    python -m tests.training.casting.train TEXTS OUT [--litbank JSONL ORIGINALS] [--labels DIR] [--rounds 100] [--leaves 15]

TEXTS holds public-domain novels as plain text; OUT is the file to write. See README.md for where they come from.
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
from dotsbook.casting.pair_features import NOBODY, OWN, SHARED, first_look, look_at
from dotsbook.casting.people import owner, parse, spelled
from dotsbook.casting.roster import Member, Roster
from dotsbook.casting.second_look import second_look
from dotsbook.casting.speech_evidence import gather_evidence
from dotsbook.casting.surroundings import Surroundings, runs
from dotsbook.casting.tree_model import softmax
from tests.training.casting.forest_file import arrays
from tests.training.casting.hidden_tags import hide, novel
from tests.training.casting.litbank import documents
from tests.training.casting.novel_labels import read_labels

FOLDS = 2
BESIDE = 40  # utterances before and after those labelled
MARGIN = 1.15  # cooler than held-out lines ask for: README.md says why
HEATS = (1.0, 1.1, 1.2, 1.3, 1.45, 1.6)  # of the second softmax, that are tried
# weights of a line by how it was labelled: hidden_tags.py, natural(), by hand
WEIGHTS = {"seen": 0.25, "cut": 1.5, "pronoun": 0.15, "turn": 1.0, "only one": 1.0, "hand": 5.0}


class Novel:
    """One novel's rows, its labels (index of the right candidate in each group, -1 = unknown) and weights."""

    def __init__(self, name, scene, look, truth, kind):
        self.name = re.sub(r"^\d+_", "", name)  # the same for the same novel, however its lines are labelled
        self.scene, self.look, self.truth, self.kind = scene, look, truth, kind


def read(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def weak(job: tuple[Path, int]) -> Novel | None:
    path, seed = job
    hidden = hide(novel(read(path), path.stem), seed)
    _, chapters = dialogue(hidden.book)
    evidence = gather_evidence(chapters)
    evidence.utterances = [utterance for utterance in evidence.utterances if not utterance.cited]
    if len(evidence.utterances) < 50:
        return None
    scene, look = first_look(evidence)
    truth = np.full(len(look.candidates), -1)
    kind = np.full(len(look.candidates), "", dtype="U8")
    for at, utterance in enumerate(evidence.utterances):
        label = hidden.labels.get((utterance.line, utterance.spans[0][0]))
        if label is None or label[0] not in evidence.people.of:
            continue
        who = evidence.people.of[label[0]]
        people = look.candidates[at]
        truth[at] = people.index(who) if who in people else len(people) - 1
        kind[at] = label[1]
    natural(evidence, scene, look, truth, kind)
    return Novel(path.stem, scene, look, truth, kind)


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
    kind = np.full(len(look.candidates), "", dtype="U8")
    for k, who in answers.items():
        people = look.candidates[k]
        truth[k] = people.index(who) if who in people else len(people) - 1
        kind[k] = "hand"
    return Novel(book.title, scene, look, truth, kind)


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


def natural(evidence, scene, look, truth, kind) -> None:
    """Labels that follow from rules hardly ever wrong, at lines as authors leave them: turns between two tagged speakers,
    and "he" where only one man is near. Hidden tags teach lines that needed one; these teach those that didn't."""
    for at, utterance in enumerate(evidence.utterances):
        if truth[at] >= 0 or (utterance.who is not None and utterance.tag_score >= 2):
            continue
        people = look.candidates[at][:-1]
        who = (
            alternate(scene, at) if utterance.tag_score < 2 else only_one(evidence, scene, utterance, people)
        )
        if who is not None and who in people:
            truth[at] = people.index(who)
            kind[at] = "turn" if utterance.tag_score < 2 else "only one"


def alternate(scene, at: int) -> int | None:
    """The speaker by turns, where those before and after it that are tagged agree and are two."""
    back, ahead = runs(scene, at)
    if not back or not ahead or len({*back, *ahead}) != 2:
        return None
    one, other = {*back, *ahead}
    says: set[int] = set()
    for turns in (back, ahead):
        for who, distance in turns.items():
            says.add(who if distance % 2 == 0 else (other if who == one else one))
    return says.pop() if len(says) == 1 else None


def only_one(evidence, scene, utterance, people: list[int]) -> int | None:
    """The one candidate of a pronoun's gender, where nobody else's is unknown."""
    if not utterance.gender or utterance.tag_score < 3:
        return None
    near = {
        who
        for line in range(max(0, utterance.line - 6), utterance.line + 1)
        for who in evidence.narrated[line]
    }
    fits = [who for who in near if evidence.people.people[who].gender in ("", utterance.gender)]
    return fits[0] if len(fits) == 1 and evidence.people.people[fits[0]].gender else None


def objective(begins: np.ndarray, truth: np.ndarray, weight: np.ndarray):
    """The softmax over each utterance's candidates, as LightGBM wants it: gradient and hessian of the log loss."""
    target = np.zeros(begins[-1])
    chosen = truth >= 0
    target[begins[:-1][chosen] + truth[chosen]] = 1
    weights = np.repeat(np.where(chosen, weight, 0), np.diff(begins))

    def loss(scores, _):
        chance = softmax(scores.astype(np.float64), begins)
        return (chance - target) * weights, np.maximum(chance * (1 - chance), 1e-4) * weights

    return loss


def fit(novels: list[Novel], tables: list[np.ndarray], rounds: int, leaves: int) -> lightgbm.Booster:
    kept_rows, sizes, truths, weights = [], [], [], []
    for one, table in zip(novels, tables, strict=True):
        counts = np.diff(one.look.begins)
        keep = one.truth >= 0
        kept_rows.append(table[np.repeat(keep, counts)])
        sizes.append(counts[keep])
        truths.append(one.truth[keep])
        weights.append(np.array([WEIGHTS[kind] for kind in one.kind[keep]]))
    begins = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
    data = lightgbm.Dataset(np.concatenate(kept_rows), label=np.zeros(begins[-1]), free_raw_data=True)
    settings = {
        "objective": objective(begins, np.concatenate(truths), np.concatenate(weights)),
        "learning_rate": 0.15,
        "num_leaves": leaves,
        "min_data_in_leaf": 200,
        "min_sum_hessian_in_leaf": 3.0,
        "feature_fraction": 0.5,
        "lambda_l2": 5.0,
        "max_bin": 63,
        "num_threads": 1,
        "monotone_constraints": constraints(begins_with=len(SHARED), width=kept_rows[0].shape[1]),
        "verbose": -1,
        "seed": 1,
    }
    return lightgbm.train(settings, data, rounds)


def constraints(begins_with: int, width: int) -> list[int]:
    """Which features may only speak for (1) or only against (-1) a candidate: as their names in pair_features say."""
    sign = {"+": 1, "-": -1}
    own = [sign.get(name[0], 0) for name in OWN]
    made = [0] * begins_with + own
    return made + [0] * (width - len(made))


def chances(booster: lightgbm.Booster, one: Novel, table: np.ndarray) -> np.ndarray:
    return softmax(booster.predict(table), one.look.begins)


def train(novels: list[Novel], rounds: int, leaves: int) -> tuple[lightgbm.Booster, lightgbm.Booster, float]:
    """Both passes, and the heat of the second's softmax.

    The second is trained on first opinions of models that hadn't seen the novel. The heat is what makes the chances of
    lines labelled by hand right, in novels that a second pass hasn't seen.
    """
    tables = [one.look.rows for one in novels]
    names = sorted({one.name for one in novels})
    folds = [
        [k for k, one in enumerate(novels) if names.index(one.name) % FOLDS == fold] for fold in range(FOLDS)
    ]

    def without(fold: list[int], rows: list[np.ndarray]) -> lightgbm.Booster:
        rest = [k for k in range(len(novels)) if k not in fold]
        return fit([novels[k] for k in rest], [rows[k] for k in rest], rounds, leaves)

    with ThreadPoolExecutor() as pool:
        first, *parted = pool.map(without, [[], *folds], [tables] * (FOLDS + 1))
        looks = list(tables)
        for fold, booster in zip(folds, parted, strict=True):
            for k in fold:
                looks[k] = second_look(
                    novels[k].scene, novels[k].look, chances(booster, novels[k], tables[k])
                )
        second, apart = pool.map(without, [[], folds[0]], [looks] * 2)
    unseen = [k for k in folds[0] if "hand" in novels[k].kind]
    losses = [sum(loss_by_hand(apart, novels[k], looks[k], heat) for k in unseen) for heat in HEATS]
    return first, second, HEATS[int(np.argmin(losses))]


def loss_by_hand(booster: lightgbm.Booster, one: Novel, table: np.ndarray, heat: float) -> float:
    """The log loss of a novel's lines that are labelled by hand, with the second pass looked at twice, as opinion.py does."""
    late = softmax(booster.predict(table), one.look.begins, heat)
    last = softmax(booster.predict(second_look(one.scene, one.look, late)), one.look.begins, heat)
    chance = (late + last) / 2
    at = np.flatnonzero((one.kind == "hand") & (one.truth >= 0))
    return float(-np.log(np.maximum(chance[one.look.begins[at] + one.truth[at]], 1e-4)).sum())


def lines_of(novels: list[Novel]) -> int:
    return sum(int((one.truth >= 0).sum()) for one in novels)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("texts", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--litbank", type=Path, nargs=2, metavar=("JSONL", "ORIGINALS"))
    options.add_argument(
        "--labels", type=Path, help="a folder of labelled novels, whose texts are among TEXTS"
    )
    options.add_argument("--rounds", type=int, default=100)
    options.add_argument("--leaves", type=int, default=15)
    options.add_argument("--variants", type=int, default=1)
    options.add_argument("--most", type=int, default=1000)
    said = options.parse_args()
    paths = sorted(said.texts.rglob("*.txt"))[: said.most]
    jobs = [(path, seed) for path in paths for seed in range(said.variants)]
    by_hands = [(book, quotes, None) for book, quotes in documents(*said.litbank)] if said.litbank else []
    for file in sorted(said.labels.glob("*.json")) if said.labels else ():
        by_hands += both_ways(file, said.texts)
    with ProcessPoolExecutor(2) as pool:
        novels = [one for one in pool.map(weak, jobs) if one is not None]
        print(len(novels), "novels,", lines_of(novels), "lines labelled by tags and rules", flush=True)
        hand = list(pool.map(by_hand, by_hands))
        print(len(hand), "texts labelled by hand,", lines_of(hand), "lines", flush=True)
    novels += hand
    first, second, heat = train(novels, said.rounds, said.leaves)
    print("heat", round(heat, 2))
    table = {f"first_{name}": value for name, value in arrays(first).items()}
    table |= {f"second_{name}": value for name, value in arrays(second).items()}
    np.savez_compressed(said.out, heats=np.array([1.0, MARGIN * heat]), **table)
    print(said.out, said.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
