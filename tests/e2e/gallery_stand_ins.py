"""Small pictures in the manner of sets whose files are not at hand: drawn here, out of strokes, forms and our own fonts.

They are no samples. Whoever has the files draws the gallery's pictures from them instead.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from playground.disk import resources

_FINE = 8
_Points = Sequence[tuple[float, float]]

# Strokes of hiragana in a square of 28: tsu, su, ki, ha, ma, re
_KANA: tuple[tuple[_Points, ...], ...] = (
    (((5, 11), (12, 8), (20, 8), (23, 12), (21, 17), (14, 21)),),
    (((4, 9), (24, 8)), ((15, 3), (15, 13), (12, 16), (10, 13), (13, 11), (16, 14), (15, 20), (11, 25))),
    (((6, 9), (21, 6)), ((6, 14), (22, 11)), ((11, 3), (19, 18), (12, 17)), ((8, 18), (9, 23), (15, 25), (20, 24))),
    (((6, 4), (5, 14), (7, 24)), ((12, 9), (24, 8)), ((18, 4), (19, 19), (15, 23), (12, 20), (16, 18), (24, 23))),
    (((6, 7), (22, 7)), ((7, 13), (21, 13)), ((14, 3), (15, 19), (11, 24), (7, 21), (11, 18), (22, 23))),
    (((8, 3), (8, 25)), ((4, 10), (9, 8), (4, 20), (16, 8), (19, 10), (18, 21), (21, 24), (25, 21))),
)


def drawn(name: str) -> list[Image.Image]:
    """Six tiles of at most 32×32 pixels."""
    makers: dict[str, Callable[[], list[Image.Image]]] = {
        "mnist": lambda: _letters("504192", 28),
        "emnist-letters": lambda: _letters("aBgkRz", 28),
        "kmnist": lambda: [_brush(strokes) for strokes in _KANA],
        "svhn": _house_numbers,
        "cifar10": _scenes,
        "cifar100": _scenes,
    }
    return makers[name]()


def _letters(text: str, side: int) -> list[Image.Image]:
    """As written by hand: turned and slanted a little, thick, soft."""
    random = np.random.default_rng(1)
    tiles = []
    for letter in text:
        tile = _letter(letter, side, (0,), (255,), "L")
        tile = tile.rotate(float(random.uniform(-14, 14)), Image.Resampling.BICUBIC)
        slant = float(random.uniform(-0.25, 0.25))
        tile = tile.transform(
            tile.size, Image.Transform.AFFINE, (1, slant, -slant * side / 2, 0, 1, 0), Image.Resampling.BICUBIC
        )
        tiles.append(tile)
    return tiles


def _letter(letter: str, side: int, ground: tuple[int, ...], ink: tuple[int, ...], mode: str) -> Image.Image:
    font = ImageFont.truetype(str(resources.path("fonts", "Inter-Medium.otf")), round(0.8 * side * _FINE))
    tile = Image.new(mode, (side * _FINE, side * _FINE), ground)
    middle = side * _FINE / 2
    ImageDraw.Draw(tile).text((middle, middle), letter, font=font, fill=ink, anchor="mm")
    return tile.resize((side, side), Image.Resampling.BOX)


def _brush(strokes: tuple[_Points, ...]) -> Image.Image:
    """A brush that presses at first and then lets go, along rounded strokes."""
    tile = Image.new("L", (28 * _FINE, 28 * _FINE))
    pencil = ImageDraw.Draw(tile)
    for stroke in strokes:
        path = _rounded(stroke)
        for number, (x, y) in enumerate(path):
            reach = (1.7 - 0.9 * number / len(path)) * _FINE
            pencil.ellipse([x * _FINE - reach, y * _FINE - reach, x * _FINE + reach, y * _FINE + reach], fill=255)
    return tile.resize((28, 28), Image.Resampling.BOX)


def _rounded(points: _Points) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the points."""
    ends = [points[0], *points, points[-1]]
    path = []
    for before, first, second, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for share in np.linspace(0, 1, 40):
            place = []
            for a, b, c, d in zip(before, first, second, after, strict=True):
                bend = 2 * a - 5 * b + 4 * c - d
                place.append(0.5 * (2 * b + (c - a) * share + bend * share**2 + (3 * b - a - 3 * c + d) * share**3))
            path.append((place[0], place[1]))
    return path


def _house_numbers() -> list[Image.Image]:
    """White or dark digits on painted walls, with a neighbour that is cut off, out of focus."""
    walls = ((52, 78, 122), (150, 60, 48), (94, 104, 80), (200, 190, 168), (70, 64, 60), (120, 140, 160))
    tiles = []
    for number, (digit, wall) in enumerate(zip("274913", walls, strict=True)):
        ink = (236, 232, 220) if sum(wall) < 450 else (48, 44, 40)
        tile = _letter(digit, 32, wall, ink, "RGB")
        neighbour = _letter(str(number), 32, wall, ink, "RGB")
        tile.paste(neighbour.crop((10, 0, 17, 32)), (25 if number % 2 else 0, 0))
        shade = np.linspace(0.75, 1.1, 32)[None, :, None] * np.asarray(
            tile.filter(ImageFilter.GaussianBlur(0.6)), float
        )
        tiles.append(Image.fromarray(shade.clip(0, 255).astype(np.uint8)))
    return tiles


def _scenes() -> list[Image.Image]:
    """A sunflower, mountains, a fish, an apple, a rocket and a tree."""
    return [_scene(draw) for draw in (_sunflower, _mountain, _fish, _apple, _rocket, _tree)]


def _scene(draw: Callable[[ImageDraw.ImageDraw, float], None]) -> Image.Image:
    tile = Image.new("RGB", (32 * _FINE, 32 * _FINE))
    draw(ImageDraw.Draw(tile), _FINE)
    return tile.resize((32, 32), Image.Resampling.BOX)


def _ground(pencil: ImageDraw.ImageDraw, s: float, upper: str, lower: str, horizon: float = 22) -> None:
    pencil.rectangle([0, 0, 32 * s, horizon * s], fill=upper)
    pencil.rectangle([0, horizon * s, 32 * s, 32 * s], fill=lower)


def _disc(pencil: ImageDraw.ImageDraw, s: float, x: float, y: float, reach: float, color: str) -> None:
    pencil.ellipse([(x - reach) * s, (y - reach) * s, (x + reach) * s, (y + reach) * s], fill=color)


def _polygon(pencil: ImageDraw.ImageDraw, s: float, color: str, *corners: tuple[float, float]) -> None:
    pencil.polygon([(x * s, y * s) for x, y in corners], fill=color)


def _sunflower(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#8fb9dd", "#4d7a3a", 26)
    pencil.line([16 * s, 14 * s, 17 * s, 32 * s], fill="#3e6b2c", width=int(2 * s))
    for petal in range(14):
        angle = petal * math.tau / 14
        _disc(pencil, s, 16 + 7 * math.cos(angle), 13 + 7 * math.sin(angle), 3, "#e9b92c")
    _disc(pencil, s, 16, 13, 5.5, "#5b3a1c")


def _mountain(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#a9c4dc", "#5c7a52", 25)
    _polygon(pencil, s, "#6d7480", (0, 26), (9, 11), (19, 26))
    _polygon(pencil, s, "#585f6b", (8, 26), (20, 5), (34, 26))
    _polygon(pencil, s, "#eef2f6", (16.5, 11), (20, 5), (24, 11.5), (21, 10), (19, 12))


def _fish(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#1f6f8f", "#185a75", 20)
    pencil.ellipse([6 * s, 10 * s, 24 * s, 22 * s], fill="#e8772e")
    _polygon(pencil, s, "#e8772e", (22, 16), (30, 9), (30, 23))
    pencil.rectangle([13 * s, 10.5 * s, 15 * s, 21.5 * s], fill="#f4ede2")
    _disc(pencil, s, 9.5, 15, 1.2, "#101418")


def _apple(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#d9d2c3", "#a98a63", 23)
    _disc(pencil, s, 13, 18, 7.5, "#b7262b")
    _disc(pencil, s, 19, 18, 7.5, "#c12f33")
    pencil.line([16 * s, 12 * s, 18 * s, 6 * s], fill="#4e3722", width=int(1.4 * s))
    pencil.ellipse([18 * s, 6 * s, 25 * s, 10 * s], fill="#5d8a36")
    _disc(pencil, s, 12, 15, 1.6, "#e39a96")


def _rocket(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#27365c", "#3a4a74", 27)
    _polygon(pencil, s, "#f0a43a", (13, 24), (19, 24), (16, 31))
    _polygon(pencil, s, "#a83232", (9, 25), (13, 17), (13, 24))
    _polygon(pencil, s, "#a83232", (23, 25), (19, 17), (19, 24))
    pencil.rectangle([13 * s, 9 * s, 19 * s, 24 * s], fill="#e6e8ec")
    _polygon(pencil, s, "#a83232", (13, 9), (16, 2), (19, 9))
    _disc(pencil, s, 16, 13.5, 1.8, "#3b6ea8")


def _tree(pencil: ImageDraw.ImageDraw, s: float) -> None:
    _ground(pencil, s, "#b9d3e6", "#7d9a4e", 25)
    pencil.rectangle([14.5 * s, 17 * s, 17.5 * s, 28 * s], fill="#5c4128")
    for x, y, reach, color in ((11, 13, 6, "#3d6a2f"), (20, 13, 6.5, "#44752f"), (16, 9, 6.5, "#4f8437")):
        _disc(pencil, s, x, y, reach, color)
