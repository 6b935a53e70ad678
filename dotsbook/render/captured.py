"""What a block raises, kept instead of raised: for work on another thread, and for code that isn't ours."""

from types import TracebackType


class Captured:
    error: BaseException | None = None

    def __enter__(self) -> "Captured":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True
