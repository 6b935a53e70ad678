"""Gives functions of a loaded library other names, by a library of jumps made in memory. It knows ELF, no mathematics.

The wheel `scipy-openblas32` holds OpenBLAS with every name prefixed `scipy_`, so that it can't be mixed up with another;
MLX asks for the plain names. So a shared object is written in memory whose symbols have the plain names, each a jump to
a function's address, and loaded with global symbols: the dynamic linker finds them first. Linux on x86-64 and arm64.
"""

import ctypes
import os
import platform
import struct

SEGMENT = 0x10000  # the largest page in use: code in the first, the dynamic section in the second
MACHINES = {
    # number in the ELF header, the jump before its 8-byte address, what follows it
    "x86_64": (62, b"\xf3\x0f\x1e\xfa\x49\xbb", b"\x41\xff\xe3"),  # endbr64; movabs r11, address; jmp r11
    "aarch64": (183, b"\x50\x00\x00\x58\x00\x02\x1f\xd6", b""),  # ldr x16, .+8; br x16; address
}
STRIDE = 32  # bytes a jump


def define_jumps(names: dict[str, int]) -> bool:
    """Make each name a global symbol that jumps to its address. False where this machine doesn't allow it."""
    machine = MACHINES.get(platform.machine())
    if machine is None or not hasattr(os, "memfd_create"):
        return False
    try:
        descriptor = os.memfd_create("dotsbook-blas")
        try:
            os.write(descriptor, shared_object(names, *machine))
            ctypes.CDLL(f"/proc/self/fd/{descriptor}", mode=ctypes.RTLD_GLOBAL)
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return True


def shared_object(names: dict[str, int], machine: int, before: bytes, after: bytes) -> bytes:
    """The library's bytes: headers, hash table, symbols, names, jumps; the dynamic section in a segment of its own."""
    words = b"\0" + b"".join(name.encode() + b"\0" for name in names)
    count = len(names) + 1
    headers = 64 + 4 * 56
    # The hash table: one bucket, all symbols in its chain.
    chain = struct.pack(f"<{3 + count}I", 1, count, count - 1, 0, *range(count - 1))
    symbols_at = headers + len(chain) + -len(chain) % 8
    words_at = symbols_at + 24 * count
    code_at = (words_at + len(words) + STRIDE - 1) // STRIDE * STRIDE
    symbols = bytes(24) + b"".join(
        struct.pack(
            "<IBBHQQ",
            words.index(b"\0" + name.encode() + b"\0") + 1,
            0x12,
            0,
            1,
            code_at + i * STRIDE,
            STRIDE,
        )
        for i, name in enumerate(names)
    )
    code = b"".join((before + struct.pack("<Q", at) + after).ljust(STRIDE, b"\0") for at in names.values())
    tags = ((4, headers), (5, words_at), (6, symbols_at), (10, len(words)), (11, 24), (0, 0))
    dynamic = b"".join(struct.pack("<QQ", tag, value) for tag, value in tags)
    end = code_at + len(code)
    image = bytearray(SEGMENT)
    for at, part in (
        (0, _headers(machine, end, len(dynamic))),
        (headers, chain),
        (symbols_at, symbols),
        (words_at, words),
        (code_at, code),
    ):
        image[at : at + len(part)] = part
    return bytes(image) + dynamic


def _headers(machine: int, end: int, dynamic: int) -> bytes:
    """The ELF header and four program headers: code, data, dynamic section, a stack that isn't executable."""
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    elf = ident + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)

    def segment(kind, flags, at, size, align):
        return struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, align)

    return (
        elf
        + segment(1, 5, 0, end, SEGMENT)
        + segment(1, 6, SEGMENT, dynamic, SEGMENT)
        + segment(2, 6, SEGMENT, dynamic, 8)
        + segment(0x6474E551, 6, 0, 0, 16)
    )
