"""How often healthy takes are called bad: espeak-ng reads the corpus, and every alarm is false. It knows no faults.

    python -m tests.benchmarks.health_false_alarms DIR [--count 1000] [--languages en,de,…] [--engine draft] [--show]

DIR is a corpus with `epubs/*.epub` and `segmentation/ud.json`. Five voices take turns. A take judged before its
voice's norm is known is judged again when it is, as a render does.
"""

import argparse
import json
import random
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from lxml import html
from sentencex import segment

from dotsbook.render.health import Verdict, examine, judge
from dotsbook.render.norms import Norms, samples_of
from dotsbook.text.normalise import normalise
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice

LANGUAGES = "en,de,es,it,hi,zh,ar,fr,pt,ru"
VOICES = ("narrator", "Mara", "Tobias", "Old Cross", "Inês")
LONGEST = 300  # characters of a chunk


class Examiner:
    """Judges takes as a render of these requests, in their order, does: by the voice's norm, and again when it is known.

    Each request's tag is its own.
    """

    def __init__(self, requests: Sequence[Request]) -> None:
        self.norms = Norms(
            samples_of(
                ((request.voice.name, request.language), str(request.tag), request.text)
                for request in requests
            )
        )
        self.early: list[tuple[Request, dict]] = []

    def __call__(self, samples: np.ndarray, rate: int, request: Request) -> Verdict:
        place = request.voice.name, request.language
        norm = self.norms.of(*place)
        verdict = examine(samples, rate, request.text, request.language, norm)
        if verdict.ok and norm is None:
            self.early.append((request, verdict.figures))
        self.norms.add(*place, str(request.tag), verdict.figures if verdict.ok else None)
        return verdict

    def second_thoughts(self) -> list[tuple[Request, Verdict]]:
        again = (
            (request, judge(figures, self.norms.of(request.voice.name, request.language)))
            for request, figures in self.early
        )
        return [(request, verdict) for request, verdict in again if not verdict.ok]


def sentences_of(folder: Path, language: str) -> list[str]:
    """Sentences of a language as a render is given them: of the corpus's books, read roughly, and of its treebanks."""
    found = [
        sentence for paragraph in treebank(folder).get(language, ()) for sentence in paragraph["sentences"]
    ]
    for path in sorted((folder / "epubs").glob("*.epub")):
        found += [sentence for text in paragraphs(path, language) for sentence in segment(language, text)]
    return spoken(found, language)


def spoken(sentences: Iterable[str], language: str) -> list[str]:
    """Sentences as they are spoken, without those that are too long for a chunk or have no word."""
    kept = (" ".join(sentence.split()) for sentence in sentences)
    told = (normalise(text, language)[0] for text in kept if len(text) <= LONGEST)
    return [text for text in told if any(mark.isalpha() for mark in text)]


def treebank(folder: Path) -> dict:
    path = folder / "segmentation" / "ud.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def paragraphs(path: Path, language: str) -> Iterator[str]:
    """Paragraphs of a book if it is in that language."""
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        package = next((name for name in names if name.endswith(".opf")), None)
        if not package or f"language>{language}" not in " ".join(
            book.read(package).decode().lower().split()
        ).replace(' id="pub-language"', ""):
            return
        for name in names:
            if name.endswith((".xhtml", ".html", ".htm")):
                for element in html.fromstring(book.read(name)).iter("p", "li", "h1", "h2"):
                    for note in element.xpath(".//rt | .//sup"):
                        note.drop_tree()
                    yield element.text_content().replace("\u2060", "").replace("\u00ad", "")


def requests_of(folder: Path, language: str, count: int) -> list[Request]:
    texts = sentences_of(folder, language)
    random.Random(language).shuffle(texts)
    return [
        Request(text, Voice(VOICES[index % len(VOICES)]), language, index)
        for index, text in enumerate(texts[:count])
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--count", type=int, default=1000, help="takes a language")
    options.add_argument("--languages", default=LANGUAGES)
    options.add_argument("--engine", default="draft")
    options.add_argument("--show", action="store_true", help="print each alarm")
    chosen = options.parse_args()
    engine = open_engine(EngineChoice(chosen.engine), Path("profiles"))
    total, wrong, hearing, audio = 0, 0, 0.0, 0.0
    print("language  takes  hours  alarms      %")
    for language in chosen.languages.split(","):
        requests = requests_of(chosen.folder, language, chosen.count)
        examiner, alarms, seconds, count = Examiner(requests), {}, 0.0, 0
        for spoken in engine.speak(requests):
            if spoken.samples is None:
                continue
            begun = time.perf_counter()
            verdict = examiner(spoken.samples, engine.rate, spoken.request)
            hearing += time.perf_counter() - begun
            seconds += len(spoken.samples) / engine.rate
            count += 1
            if not verdict.ok:
                alarms[spoken.request.text] = verdict.reasons
        alarms |= {request.text: verdict.reasons for request, verdict in examiner.second_thoughts()}
        print(
            f"{language:8} {count:6} {seconds / 3600:6.2f} {len(alarms):7} {100 * len(alarms) / max(count, 1):6.2f}"
        )
        if chosen.show:
            print(*(f"    {text[:90]!r}: {'; '.join(reasons)}" for text, reasons in alarms.items()), sep="\n")
        total, wrong, audio = total + count, wrong + len(alarms), audio + seconds
    print(
        f"all      {total:6} {audio / 3600:6.2f} {wrong:7} {100 * wrong / max(total, 1):6.2f}   "
        f"judged at {audio / max(hearing, 1e-9):.0f} times real time"
    )
    engine.close()


if __name__ == "__main__":
    main()
