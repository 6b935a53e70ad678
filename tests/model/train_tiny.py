"""A small training that can be killed: `python train_tiny.py CHECKPOINT FOLDER STEPS`. It goes on from what FOLDER holds."""

import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from dotsbook.model.blas import prefer_openblas  # noqa: E402

prefer_openblas()


def trainer(checkpoint, folder, steps, told="so"):
    import mlx.core as mx
    from training_parts import examples, settings

    from dotsbook.model.dots import Dots
    from dotsbook.model.training.adapters import AdapterShape, attach, train_adapters_only
    from dotsbook.model.training.bucketing import BatchBudget
    from dotsbook.model.training.optimising import OptimiserSettings
    from dotsbook.model.training.trainer import Trainer, TrainingPlan

    dots = Dots.load(checkpoint, dtype="float32", fused=False)
    shape = AdapterShape(rank=2, dropout=0.1)
    attach(dots.core, shape, mx.random.key(0))
    train_adapters_only(dots.core, shape)
    plan = TrainingPlan(
        OptimiserSettings(learning_rate=1e-3, warmup=5, steps=steps),
        BatchBudget(9),
        validate_every=40,
        save_every=7,
    )
    some = examples(dots, (3, 2, 4, 3, 2))
    return Trainer(dots.core, plan, some[:4], some[4:], settings(dots), dots.tokens.span, Path(folder), told)


def main(checkpoint, folder, steps):
    from dotsbook.model.training.trainer import StepDone

    Path(folder).mkdir(exist_ok=True)
    one = trainer(checkpoint, folder, int(steps))
    at = one.resume()
    log = Path(folder) / "log.jsonl"
    kept = log.read_text().splitlines(keepends=True)[:at] if log.is_file() else []
    log.write_text("".join(kept))
    with open(log, "a") as file:
        for event in one.run():
            if isinstance(event, StepDone):
                told = event.report
                record = {"step": told.step, "fm": told.fm, "eos": told.eos, "gradient": told.gradient}
                file.write(json.dumps(record) + "\n")
                file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
