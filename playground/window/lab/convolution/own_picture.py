"""A picture of the learner's own, made small enough for its pixels to be seen."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from playground.core.problem import Problem
from playground.core.text import _

MOST = 64  # pixels of a side
_LARGEST_MB = 256  # of a decoded picture

Picture = tuple[tuple[tuple[float, ...], ...], ...]  # (channels, height, width), of 0 to 1


def read(path: Path) -> Picture:
    """One channel where it is grey, else red, green and blue. raises Problem: it cannot be read"""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setAllocationLimit(_LARGEST_MB)
    image = reader.read()
    if image.isNull():
        raise Problem(
            where=path.name,
            what=_("it cannot be read as a picture: {reason}").format(reason=reader.errorString()),
            fix=_("Choose a PNG, JPEG, BMP or GIF file"),
        )
    return picture_of(image)


def picture_of(image: QImage) -> Picture:
    """Its pixels, shrunk to at most `MOST` a side."""
    if max(image.width(), image.height()) > MOST:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(MOST, MOST), Qt.AspectRatioMode.KeepAspectRatio, smooth)
    grey = image.isGrayscale()
    made = image.convertToFormat(QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888)
    channels = 1 if grey else 3
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    pixels = rows[:, : made.width() * channels].reshape(made.height(), made.width(), channels)
    scaled = (pixels.transpose(2, 0, 1) / 255).round(4)
    return tuple(tuple(tuple(row) for row in channel) for channel in scaled.tolist())
