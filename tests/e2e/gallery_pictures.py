"""The gallery's pictures: `python -m tests.e2e.gallery_pictures [--data FOLDER] [NAME ...]` renews resources/gallery.

FOLDER holds real data sets (`../shared/datasets/get FOLDER` lays them out). A set that is read from files shows samples
of its own where the files are there. Where they are not, stand-ins are drawn here, in the manner of the set (see
`tests.e2e.gallery_stand_ins`); tables, points and waves are plotted, pictures that the program makes are shown.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from playground.core.arguments import in_effect
from playground.core.datasets import DATASETS
from playground.core.spec import DatasetSpec
from playground.disk import resources
from playground.engine.datasets import Raw, reader_of
from playground.engine.reading import asked
from tests.e2e import gallery_stand_ins

SIZE = (192, 128)  # twice what a card shows
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "gallery"
_TILE, _ACROSS, _DOWN = 32, 3, 2
_FINE = 4  # drawn so many times larger, for smooth edges
# to be seen on light and on dark ground
COLORS = ("#4c6fe0", "#e07b39", "#2c9a6b", "#b04fc4", "#c9a227", "#3aa0c0")
_QUIET = "#8a8f98"


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m tests.e2e.gallery_pictures", description=__doc__.partition("\n\n")[0])
    ask.add_argument("names", nargs="*", metavar="NAME", help="data sets; none is all")
    ask.add_argument("--data", type=Path, help="a folder with real data sets")
    wanted = ask.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for spec in DATASETS.values():
        if not spec.own and (not wanted.names or spec.name in wanted.names):
            path = FOLDER / f"{spec.name}.png"
            picture_of(spec, wanted.data).save(path, optimize=True)
            print(f"{path}: {path.stat().st_size:,} bytes")


def picture_of(spec: DatasetSpec, folder: Path | None) -> Image.Image:
    """RGBA of the size SIZE. folder: looked in for real samples"""
    raw = _samples(spec, folder)
    if raw is None:
        return _mosaic(gallery_stand_ins.drawn(spec.name))
    if spec.kind == "picture":
        return _mosaic(_tiles(raw, spec))
    draw: dict[str, Callable[[Raw, DatasetSpec], Image.Image]] = {
        "table": _curve if spec.sample_shape == (1,) else _scatter,
        "plane": _scatter,
        "series": _waves,
        "text": _text,
    }
    return draw[spec.kind](raw, spec)


def _samples(spec: DatasetSpec, folder: Path | None) -> Raw | None:
    module = reader_of(spec)
    if hasattr(module, "locate") and (folder is None or not module.locate(spec, folder).available):
        return None
    calm = (
        {"samples": 300, "noise": 0.05}
        if spec.kind == "plane"
        else {"samples": 60}
        if spec.task == "regression"
        else {}
    )
    known = {one.name for one in spec.arguments}
    options = in_effect(spec.arguments, {name: value for name, value in calm.items() if name in known}, None)
    return asked(module.load, spec, options=options, folder=folder, seed=2)


def _tiles(raw: Raw, spec: DatasetSpec) -> list[Image.Image]:
    """The first sample of each of six classes, as large as a tile allows without a fraction."""
    labels = raw.train_targets.numpy()
    chosen = [int((labels == label).nonzero()[0][number]) for number, label in _classes(spec)]
    tiles = []
    for sample in chosen:
        pixels = raw.train_inputs[sample].numpy().astype(float) * 255 / (raw.largest or 255)
        picture = Image.fromarray(np.rint(pixels.transpose(1, 2, 0)).astype(np.uint8).squeeze())
        factor = max(1, (_TILE - 4) // max(picture.size))
        tiles.append(picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST))
    return tiles


def _classes(spec: DatasetSpec) -> list[tuple[int, int]]:
    """(how many of the class were shown before, class) of each tile."""
    count = len(spec.classes)
    return [(tile // count, tile % count) for tile in range(_ACROSS * _DOWN)]


def _mosaic(tiles: list[Image.Image]) -> Image.Image:
    """Six tiles of at most 32×32 pixels, twice as large, each pixel a square."""
    sheet = Image.new("RGB", (_TILE * _ACROSS, _TILE * _DOWN))
    for number, tile in enumerate(tiles):
        left, top = _TILE * (number % _ACROSS), _TILE * (number // _ACROSS)
        place = (left + (_TILE - tile.width) // 2, top + (_TILE - tile.height) // 2)
        sheet.paste(tile.convert("RGB"), place)
    grown = sheet.resize(SIZE, Image.Resampling.NEAREST)
    return grown.quantize(64) if any(tile.mode == "RGB" for tile in tiles) else grown.convert("L")


def _canvas() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    canvas = Image.new("RGBA", (SIZE[0] * _FINE, SIZE[1] * _FINE), (0, 0, 0, 0))
    return canvas, ImageDraw.Draw(canvas)


def _finished(canvas: Image.Image) -> Image.Image:
    return canvas.resize(SIZE, Image.Resampling.LANCZOS).quantize(64)


def _fitted(points: np.ndarray, square: bool) -> np.ndarray:
    """(N, 2) values to pixels of the canvas, y up. square: one scale for both axes"""
    low, high = np.quantile(points, 0.005, axis=0), np.quantile(points, 0.995, axis=0)
    room = np.array(SIZE) - 24
    scale = room / np.maximum(high - low, 1e-9)
    if square:
        scale = np.full(2, scale.min())
    placed = (points - (low + high) / 2) * scale * [1, -1]
    return (placed + np.array(SIZE) / 2) * _FINE


def _dots(pencil: ImageDraw.ImageDraw, places: np.ndarray, colors: list[str], radius: float) -> None:
    for (x, y), color in zip(places, colors, strict=True):
        reach = radius * _FINE
        pencil.ellipse([x - reach, y - reach, x + reach, y + reach], fill=color)


def _scatter(raw: Raw, spec: DatasetSpec) -> Image.Image:
    """The plane, or the two columns of a table that tell most of the target."""
    table, targets = raw.train_inputs.numpy().astype(float), raw.train_targets.numpy().astype(float)
    if spec.name == "california-housing":  # a map
        columns = table[:, [7, 6]]
    elif table.shape[1] == 2:
        columns = table
    else:
        told = [abs(np.corrcoef(column, targets)[0, 1]) for column in table.T]
        columns = table[:, np.argsort(told)[-2:]]
    order = np.random.default_rng(0).permutation(len(table))[:1500]
    colors = _colors(targets, spec)
    canvas, pencil = _canvas()
    places = _fitted(columns, square=spec.kind == "plane" or spec.name == "california-housing")
    _dots(pencil, places[order], [colors[one] for one in order], 2.6 if len(order) < 700 else 1.3)
    return _finished(canvas)


def _colors(targets: np.ndarray, spec: DatasetSpec) -> list[str]:
    if spec.task == "classification":
        return [COLORS[int(label) % len(COLORS)] for label in targets]
    low, high = np.quantile(targets, (0.05, 0.95))
    cold, warm = (np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) for color in COLORS[:2])
    shares = ((targets - low) / (high - low)).clip(0, 1)
    return ["#" + "".join(f"{int(one):02x}" for one in cold + share * (warm - cold)) for share in shares]


def _curve(raw: Raw, spec: DatasetSpec) -> Image.Image:
    x, y = raw.train_inputs[:, 0].numpy().astype(float), raw.train_targets.numpy().astype(float)
    grid = np.linspace(-math.pi, math.pi, 200)
    true = np.sin(grid) if spec.name == "sine" else 2 * grid + 1
    places = _fitted(np.concatenate([np.column_stack([x, y]), np.column_stack([grid, true])]), square=False)
    canvas, pencil = _canvas()
    pencil.line([tuple(place) for place in places[len(x) :]], fill=COLORS[1], width=2 * _FINE, joint="curve")
    _dots(pencil, places[: len(x)], [COLORS[0]] * len(x), 2.6)
    return _finished(canvas)


def _waves(raw: Raw, spec: DatasetSpec) -> Image.Image:
    """Two stretches, each with the value to forecast."""
    canvas, pencil = _canvas()
    for row in range(2):
        values = np.append(raw.train_inputs[row].numpy(), raw.train_targets[row].numpy()).astype(float)
        places = _fitted(np.column_stack([np.arange(len(values)), values]), square=False)
        places[:, 1] = places[:, 1] / 2 + row * SIZE[1] * _FINE / 2
        pencil.line([tuple(place) for place in places[:-1]], fill=COLORS[0], width=2 * _FINE, joint="curve")
        _dots(pencil, places[-1:], [COLORS[1]], 4)
    return _finished(canvas)


def _text(raw: Raw, spec: DatasetSpec) -> Image.Image:
    """The beginning of the story, the next character in a colour."""
    words = resources.path("texts", "small-text.txt").read_text(encoding="utf-8").split("\n\n")[1]
    font = ImageFont.truetype(str(resources.path("fonts", "JetBrainsMono-Medium.ttf")), 19 * _FINE)
    wide, high = font.getlength("m"), 27 * _FINE
    canvas, pencil = _canvas()
    for number, letter in enumerate(words[:57]):
        place = (8 * _FINE + wide * (number % 16), 8 * _FINE + high * (number // 16))
        pencil.text(place, letter, font=font, fill=COLORS[1] if number == 56 else _QUIET)
    return _finished(canvas)


if __name__ == "__main__":
    main()
