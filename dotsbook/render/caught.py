"""What a block raises, kept instead of raised: for work on another thread, and for code that isn't ours."""


class Caught:
    error: BaseException | None = None

    def __enter__(self) -> "Caught":
        return self

    def __exit__(self, kind, error, trace) -> bool:
        self.error = error
        return True
