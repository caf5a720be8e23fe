"""Numbers as colours and as short text: the pictures and the cells of the room."""

import math

import numpy as np
from PySide6.QtGui import QColor, QImage

from playground.window.theme import theme


def scale_of(values: np.ndarray) -> float:
    """The end of a symmetric scale: the largest absolute value, 1 where there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) or 1.0 if finite.size else 1.0


def range_of(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def signed(values: np.ndarray, scale: float) -> np.ndarray:
    """Levels 0 to 255 of a diverging map, 0 at its middle."""
    share = np.nan_to_num(values.astype(np.float64) / scale, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(np.rint((share + 1) * 127.5), 0, 255).astype(np.uint8)


def unsigned(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Levels 0 to 255 between two values."""
    share = (values.astype(np.float64) - low) / (high - low or 1.0)
    return np.clip(np.rint(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0) * 255), 0, 255).astype(np.uint8)


def image(levels: np.ndarray, lut: str) -> QImage:
    """One pixel a value. levels: (height, width) uint8"""
    colored = np.ascontiguousarray(theme().lut(lut)[levels])
    height, width = levels.shape
    return QImage(colored.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def color_of(level: int, lut: str) -> QColor:
    return QColor(*(int(part) for part in theme().lut(lut)[level]))


def ink_on(color: QColor) -> QColor:
    """Black or white, of which one always has a contrast of 4.5 : 1; the inks of the tokens have less on middle tones."""
    light = _luminance(color)
    dark = (light + 0.05) / 0.05 >= 1.05 / (light + 0.05)
    level = 0 if dark else 255
    return QColor(level, level, level)


def _luminance(color: QColor) -> float:
    """Relative, as WCAG defines it."""
    parts = (one / 255 for one in (color.red(), color.green(), color.blue()))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def short(value: float, digits: int = 2) -> str:
    """A number for a cell: −0.31, 124, 1e5, −∞."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}" if abs(value) < 100 else f"{value:.0f}" if abs(value) < 1e5 else f"{value:.0e}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")
