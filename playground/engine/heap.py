"""How this process gets its memory from the system."""

import ctypes
import logging
import sys
from contextlib import suppress

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # of malloc.h
_LARGEST_KEPT = 32 * 1024 * 1024  # the most that glibc allows on 64 bits; larger blocks go back at once
_KEPT_FREE = 256 * 1024 * 1024
_SMALL = 2 * 1024 * 1024  # where memory has run out


def keep_memory() -> None:
    """Let glibc keep what PyTorch frees, for the next step to use.

    By default a block of more than 128 KiB, and soon the end of the heap, goes back to the system when it is freed. Each
    step of a small convolutional network then gets its activations anew, page by page: 500 to 800 page faults a step of
    LeNet, a quarter of its time. source: https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    _advise({_M_MMAP_THRESHOLD: _LARGEST_KEPT, _M_TRIM_THRESHOLD: _KEPT_FREE, _M_TOP_PAD: _LARGEST_KEPT})


def give_back() -> None:
    """Let glibc give back what it holds free, where memory has run out, and keep less from then on: what lies in pieces
    between other blocks is lost to large tensors, up to a third of what there was.
    """
    _advise({_M_MMAP_THRESHOLD: _SMALL, _M_TRIM_THRESHOLD: _SMALL, _M_TOP_PAD: _SMALL})
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _advise(wishes: dict[int, int]) -> None:
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):  # another C library has no such thing
        mallopt = ctypes.CDLL(None).mallopt
        if not all([mallopt(what, size) for what, size in wishes.items()]):
            logging.getLogger(__name__).info("the system's allocator takes no advice")
