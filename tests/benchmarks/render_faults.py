"""Every fault an engine can have, through the whole render loop with the real checks: what became of each.

python -m tests.benchmarks.render_faults [LINES]        lines with each fault, a third of them hopeless; 6
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "render"))

from bench import Bench  # noqa: E402
from faulty import fates  # noqa: E402


def main(each: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = fates(Bench(Path(folder) / "project" / ".dotsbook"), each)
    print(f"{'fault':10}{'lines':>6}{'noticed':>9}{'healed':>8}{'reported':>10}{'missed':>8}   named")
    for fault, fate in found.items():
        names = "; ".join(name for name, _ in fate.named.most_common(3))
        print(
            f"{fault:10}{fate.lines:6}{fate.noticed:9}{fate.healed:8}{fate.reported:10}{fate.missed:8}   {names}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
