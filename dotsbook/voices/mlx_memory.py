"""What MLX says where memory runs out. It knows no engine."""

NO_MEMORY = ("out of memory", "unable to allocate", "failed to allocate", "malloc", "insufficient memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, Python's or MLX's own RuntimeError, says that there was no memory."""
    if isinstance(error, RuntimeError):
        return any(words in str(error).lower() for words in NO_MEMORY)
    return isinstance(error, MemoryError)
