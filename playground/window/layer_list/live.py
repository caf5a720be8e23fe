"""The live pictures of the rows, cached until there is something newer."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainterPath

from playground.core.messages import Array, Picture, Watch
from playground.core.network import Path
from playground.core.project import Project
from playground.session.session import Session
from playground.window.layer_list import pictures
from playground.window.layer_list.rows import MOST_MAPS, ONE_LINE
from playground.window.theme import theme

Line = tuple[QPainterPath, QPointF]


class LivePictures:
    """Reads the newest pictures and slopes of the session when a row is painted."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._picture: Picture | None = None
        self._project: Project = session.document.project  # that the picture was taken for
        self._outdated = False
        self._images: dict[tuple[str, float], QImage] = {}
        self._lines: dict[tuple[Path, int, int], tuple[tuple[int, float], Line | None]] = {}

    def watches(self) -> tuple[Watch, ...]:
        """What the list wants to see."""
        return (self.rows_watch, Watch("slopes"))

    @property
    def rows_watch(self) -> Watch:
        return Watch("rows", {"sample": self._session.document.sample})

    @property
    def subject(self) -> tuple[object, ...]:
        """What the pictures are of; while it is the same, a newer one, or an edit of the layers, changes only strips and
        sparklines."""
        slopes = len(self._session.training.history.slope_layers)
        return self.rows_watch.key, self._picture is None, slopes, self._project.data, self._project.recipe

    @property
    def sample(self) -> Array | None:
        """The values of the sample that the rows show."""
        return self._array("input")

    def refresh(self) -> None:
        """Take the newest picture, so that rows are made anew when they are painted."""
        newest = self._session.training.picture(self.rows_watch)
        self._outdated = newest is None or self._session.training.is_from_before(self.rows_watch)
        if newest is not None and newest is not self._picture and not self._outdated:
            self._picture, self._project = newest, self._session.document.project
            self._images.clear()

    def strip(self, path: Path, ratio: float) -> QImage | None:
        """The feature maps of a row as one image."""
        array = self._array(".".join(map(str, path))) if self._still_true(path) else None
        if array is None or len(array.shape) != 3 or 0 in array.shape:
            return None
        return self._image(".".join(map(str, path)), ratio, lambda: _strip(array, ratio))

    def thumbnail(self, ratio: float) -> QImage | None:
        """The sample that the rows show; none while only one of another data set is known."""
        array = self.sample
        if self._project.data.dataset != self._session.document.project.data.dataset:
            return None
        if array is None or 0 in array.shape:
            return None
        return self._image(
            "input", ratio, lambda: pictures.thumbnail(pictures.as_numpy(array), theme().lut("ink"), 40, ratio)
        )

    def sparkline(self, path: Path, width: int, height: int) -> Line | None:
        """The slope of a layer over its last steps."""
        values = self._session.training.history.gradient_norms.get(path)
        if values is None or len(values) < 2:
            return None
        key, state = (path, width, height), (len(values), float(values[-1]))
        known = self._lines.get(key)
        if known is None or known[0] != state:
            known = (state, pictures.sparkline(np.asarray(values), width, height))
            self._lines[key] = known
        return known[1]

    def _still_true(self, path: Path) -> bool:
        """Whether nothing changed in a row and above it, where there is no newer picture of the edited network."""
        now, then = self._session.document.project, self._project
        end = path[0] + 1
        return not self._outdated or (now.data == then.data and now.network[:end] == then.network[:end])

    def _array(self, name: str) -> Array | None:
        return self._picture.arrays.get(name) if self._picture else None

    def _image(self, name: str, ratio: float, make: Callable[[], QImage]) -> QImage:
        key = (name, ratio)
        if key not in self._images:
            self._images[key] = make()
        return self._images[key]


def tile_of(count: int) -> tuple[int, int]:
    """(side of a tile in px, tiles in a line) for a strip of this many maps."""
    tokens = theme().tokens["tile"]
    return (tokens["row_maps_6"], ONE_LINE) if count <= ONE_LINE else (tokens["row_maps_16"], MOST_MAPS // 2)


def _strip(array: Array, ratio: float) -> QImage:
    maps = pictures.as_numpy(array)[:MOST_MAPS]
    side, columns = tile_of(len(maps))
    return pictures.strip(maps, theme().lut("viridis"), side, theme().tokens["tile"]["gap"], columns, ratio)
