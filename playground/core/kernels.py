"""Kernels with a name, to begin a painting with. Each sums to 1, which keeps the brightness, or to 0, which keeps edges."""

from playground.core.text import _

Kernel = tuple[tuple[float, ...], ...]

_NINTH, _SIXTEENTH = 1 / 9, 1 / 16
_KERNELS: dict[str, Kernel] = {
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "blur": ((_NINTH,) * 3,) * 3,
    "smooth": tuple(tuple(_SIXTEENTH * row * column for column in (1, 2, 1)) for row in (1, 2, 1)),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "edges": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "upright": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "level": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}
# numbers with a point, as they are read back from a file
KERNELS: dict[str, Kernel] = {
    name: tuple(tuple(map(float, row)) for row in kernel) for name, kernel in _KERNELS.items()
}
TITLES = {
    "identity": _("Identity"),
    "blur": _("Blur"),
    "smooth": _("Blur, Gaussian"),
    "sharpen": _("Sharpen"),
    "edges": _("Edges"),
    "upright": _("Edges, upright (Sobel)"),
    "level": _("Edges, level (Sobel)"),
    "emboss": _("Emboss"),
}
