"""What the server counts, as Prometheus reads it. It knows no requests."""

import math
import time
from collections import Counter
from collections.abc import Mapping


class Counters:
    """Touched on the server's one thread."""

    def __init__(self) -> None:
        self.started = time.time()
        self.answers: Counter[int] = Counter()  # by status
        self.speaking = 0  # requests for speech being answered
        self.stream_pace = (
            math.inf
        )  # seconds that a second of the last stream took to come, after its first piece
        self.audio = 0.0  # seconds of speech made
        self.first_sounds = 0  # streams that began
        self.first_seconds = 0.0  # what those took until their first sound

    def answered(self, status: int) -> None:
        self.answers[status] += 1

    def text(self, speaker: Mapping[str, int]) -> str:
        """speaker: what `Speaker.counts` says."""
        rows = [
            ("dotsbook_started_seconds", "gauge", "", f"{self.started:.0f}"),
            *(
                ("dotsbook_answers_total", "counter", f'{{status="{status}"}}', str(count))
                for status, count in sorted(self.answers.items())
            ),
            ("dotsbook_speaking", "gauge", "", str(self.speaking)),
            ("dotsbook_audio_seconds_total", "counter", "", f"{self.audio:.3f}"),
            ("dotsbook_first_sound_seconds_sum", "counter", "", f"{self.first_seconds:.6f}"),
            ("dotsbook_first_sound_seconds_count", "counter", "", str(self.first_sounds)),
            ("dotsbook_lines_waiting", "gauge", "", str(speaker["waiting"])),
            ("dotsbook_lines_total", "counter", "", str(speaker["lines"])),
            ("dotsbook_batches_total", "counter", "", str(speaker["batches"])),
            ("dotsbook_largest_batch", "gauge", "", str(speaker["largest"])),
        ]
        lines, named = [], set()
        for name, kind, labels, value in rows:
            if name not in named:
                lines.append(f"# TYPE {name} {kind}")
                named.add(name)
            lines.append(f"{name}{labels} {value}")
        return "\n".join(lines) + "\n"
