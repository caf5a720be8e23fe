"""The pictures of the examples: `python -m tests.e2e.preset_pictures [--data FOLDER] [NAME ...]` renews them.

FOLDER holds the data sets that are not built in (`../shared/datasets/get FOLDER` lays them out). Each example is trained
here, some for a few epochs only, and drawn from what came out: the border that it found, its templates, its feature
maps. The others have no picture: their card draws their layers. Grounds are transparent, so that both themes fit.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from playground.disk import projects, resources
from playground.engine import launch
from playground.engine.loop import Training

SIZE = (680, 296)  # twice what a card shows
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "presets"
BLUE, ORANGE, GREEN, QUIET = (76, 111, 224), (224, 123, 57), (44, 154, 107), (138, 143, 152)
_FINE = 2  # drawn so many times larger, for smooth edges
_TINT = 90  # of 255, of a region under its points
_ROOM = (SIZE[0] - 56, SIZE[1] - 32)  # what every card shows, however wide it is

Color = tuple[int, int, int]


class Drawing(NamedTuple):
    """epochs: to train for it, None for the whole recipe"""

    draw: Callable[[Training], Image.Image]
    epochs: int | None = None


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m tests.e2e.preset_pictures", description=__doc__.partition("\n\n")[0])
    ask.add_argument("names", nargs="*", metavar="NAME", help="examples; none is all")
    ask.add_argument("--data", type=Path, help="a folder with real data sets")
    wanted = ask.parse_args()
    for name in wanted.names or DRAWINGS:
        drawing = DRAWINGS[name]
        picture = drawing.draw(trained(name, drawing.epochs, wanted.data))
        path = FOLDER / f"{name}.png"
        picture.quantize(96).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size:,} bytes", flush=True)


def trained(name: str, epochs: int | None, data: Path | None) -> Training:
    """An example after its training, on one thread, so that the next picture is the same."""
    project = projects.load(f"{projects.PRESET}{name}")
    if epochs is not None:
        project = msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=epochs))
    wish = launch.Wish(project, device="cpu", threads=1, layout="contiguous", data=data)
    training = launch.finish(launch.stages(wish))
    while not training.finished:
        training.advance()
    training.close()
    training.model.eval()
    return training


# Points and borders ---------------------------------------------------------------------------------------------------


def plane(training: Training, columns: tuple[int, int] = (0, 1)) -> Image.Image:
    """Two columns, each class tinted where the network decides for it; other columns at their mean, which is 0."""
    inputs, labels = training.data.train_inputs, training.data.train_targets
    points = inputs[:, columns].numpy()
    scale = 0.42 * SIZE[1] / np.abs(points).max(axis=0).max()
    x, y = ((np.arange(SIZE[0]) + 0.5 - SIZE[0] / 2) / scale, -(np.arange(SIZE[1]) + 0.5 - SIZE[1] / 2) / scale)
    grid = torch.zeros(SIZE[1], SIZE[0], inputs.shape[1])
    grid[:, :, columns[0]], grid[:, :, columns[1]] = torch.tensor(x).float(), torch.tensor(y).float()[:, None]
    with torch.no_grad():
        chances = training.model(grid.flatten(0, 1)).softmax(1).view(SIZE[1], SIZE[0], -1).numpy()
    colors = np.array([BLUE, ORANGE, GREEN], float)[: chances.shape[2]]
    sure = (chances.max(axis=2) - 1 / len(colors)) / (1 - 1 / len(colors))
    tint = np.dstack([chances @ colors, _TINT * (3 * sure).clip(0, 1)]).round().astype(np.uint8)
    canvas = Image.fromarray(tint, "RGBA").resize((SIZE[0] * _FINE, SIZE[1] * _FINE))
    places = np.column_stack([points[:, 0] * scale + SIZE[0] / 2, -points[:, 1] * scale + SIZE[1] / 2])
    every = -(-len(places) // 360)
    shades = [tuple(map(int, colors[label])) for label in labels[::every].tolist()]
    return _finished(_dots(canvas, places[::every], shades, 4))


def prices(training: Training) -> Image.Image:
    """What the line says of some districts against what their houses cost."""
    with torch.no_grad():
        said = training.model(training.data.test_inputs).flatten().numpy()
    true = training.data.test_targets.flatten().numpy()
    chosen = [one for one in np.random.default_rng(0).permutation(len(true)) if 0.3 < said[one] < 4.2][:350]
    low, high = 0.0, 5.2

    def place(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        wide, tall = _ROOM
        return np.column_stack([
            28 + (x - low) / (high - low) * wide, SIZE[1] - 16 - (y - low) / (high - low) * tall
        ])  # fmt: skip

    canvas = _dots(_canvas(), place(said[chosen], true[chosen]), [QUIET] * len(chosen), 4)
    ends = place(np.array([low, high]), np.array([low, high])) * _FINE
    ImageDraw.Draw(canvas).line([*map(tuple, ends)], fill=(*BLUE, 255), width=4 * _FINE)
    return _finished(canvas)


def chance(training: Training) -> Image.Image:
    """The probability of the second class, over the one number that it is made of."""
    with torch.no_grad():
        logits = training.model(training.data.test_inputs)
    score = (logits[:, 1] - logits[:, 0]).numpy()
    labels = training.data.test_targets.tolist()
    reach = 7.0
    canvas, (wide, tall) = _canvas(), _ROOM

    def place(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.column_stack([SIZE[0] / 2 + x / reach * wide / 2, SIZE[1] / 2 - (y - 0.5) * tall * 0.8])

    x = np.linspace(-reach, reach, 200)
    curve = place(x, 1 / (1 + np.exp(-x))) * _FINE
    ImageDraw.Draw(canvas).line([*map(tuple, curve)], fill=(*QUIET, 255), width=4 * _FINE, joint="curve")
    apart = np.random.default_rng(0).uniform(-0.04, 0.04, len(score))  # so that equal ones are seen
    seen = np.abs(score) < reach
    places = place(score, np.array(labels, float) + apart)[seen]
    return _finished(
        _dots(canvas, places, [(ORANGE, BLUE)[one] for one, ok in zip(labels, seen, strict=True) if ok], 5)
    )


def script(training: Training) -> Image.Image:
    """Some lines of the loop, and the loss that came of them."""
    canvas = _canvas()
    pencil = ImageDraw.Draw(canvas)
    font = ImageFont.truetype(str(resources.path("fonts", "JetBrainsMono-Medium.ttf")), 20 * _FINE)
    lines = ("for x, y in batches:", "  z = x @ W + b", "  loss = nll(z, y)", "  loss.backward()", "  W -= lr * W.grad")
    for number, line in enumerate(lines):
        color = BLUE if "grad" in line else QUIET
        pencil.text((36 * _FINE, (62 + 36 * number) * _FINE), line, font=font, fill=(*color, 255))
    losses = np.array(training.losses.tolist(), float)
    count = 90
    means = np.array([part.mean() for part in np.array_split(losses[: len(losses) // 2], count)])
    x = 330 + np.arange(count) / (count - 1) * 310
    height = (means - means.min()) / (means[0] - means.min())
    curve = np.column_stack([x, 240 - 180 * height]) * _FINE
    pencil.line([*map(tuple, curve)], fill=(*ORANGE, 255), width=4 * _FINE, joint="curve")
    return _finished(canvas)


# Weights and maps -----------------------------------------------------------------------------------------------------


def templates(rows: int, columns: int, side: int, layer: int) -> Callable[[Training], Image.Image]:
    """Rows of a Linear's weight as pictures of 28×28, the most different ones where there are more than asked for."""

    def draw(training: Training) -> Image.Image:
        weight = training.model[layer].weight.detach().numpy().reshape(-1, 28, 28)
        if len(weight) > rows * columns:
            weight = weight[np.sort(np.argsort(-weight.std(axis=(1, 2)))[: rows * columns])]
        return _sheet([_signed(one, side) for one in weight], columns, 12 if rows == 2 else 8)

    return draw


def maps(label: int, up_to: int, columns: int, sides: tuple[int, int]) -> Callable[[Training], Image.Image]:
    """A sample, and the feature maps that the first layers make of it. sides: px of the sample, and of a map"""

    def draw(training: Training) -> Image.Image:
        sample = int((training.data.test_targets == label).nonzero()[0])
        image = training.data.test_inputs[sample : sample + 1]
        with torch.no_grad():
            made = training.model[:up_to](image)[0].numpy()
        left = _grey(image[0, 0].numpy(), sides[0])
        return _beside(left, _sheet([_viridis(one, sides[1]) for one in made], columns, 8, whole=False))

    return draw


def filters(sample: int, columns: int, sides: tuple[int, int]) -> Callable[[Training], Image.Image]:
    """A photograph, and the filters of the first convolution as colours."""

    def draw(training: Training) -> Image.Image:
        photo = training.data.test_inputs[sample].numpy().transpose(1, 2, 0)
        kernels = training.model[0].weight.detach().numpy().transpose(0, 2, 3, 1)
        reach = np.abs(kernels).max(axis=(1, 2, 3), keepdims=True)
        tiles = [_tile(one * 127.5 + 127.5, sides[1]) for one in kernels / reach]
        return _beside(_tile(photo * 127.5 + 127.5, sides[0]), _sheet(tiles, columns, 10, whole=False))

    return draw


def _signed(values: np.ndarray, side: int) -> Image.Image:
    """Orange above zero, blue below, and the more of it the further: 0 is the ground, whatever the theme."""
    share = values / (np.quantile(np.abs(values), 0.995) or 1)
    colors = np.where(share[..., None] > 0, np.array(ORANGE), np.array(BLUE))
    alpha = (235 * np.abs(share).clip(0, 1)).round()
    return _grown(Image.fromarray(np.dstack([colors, alpha]).astype(np.uint8), "RGBA"), side)


def _viridis(values: np.ndarray, side: int) -> Image.Image:
    from playground.window.theme import theme

    share = (values - values.min()) / (np.ptp(values) or 1)
    return _tile(theme().lut("viridis")[(255 * share).round().astype(int)], side)


def _grey(values: np.ndarray, side: int) -> Image.Image:
    share = (values - values.min()) / np.ptp(values)
    return _tile(np.repeat(255 * share[..., None], 3, axis=2), side)


def _tile(values: np.ndarray, side: int) -> Image.Image:
    return _grown(Image.fromarray(values.clip(0, 255).round().astype(np.uint8)).convert("RGBA"), side)


def _grown(tile: Image.Image, side: int) -> Image.Image:
    """Pixels stay squares of a whole number of px."""
    factor = max(1, side // tile.width)
    return tile.resize((tile.width * factor, tile.height * factor), Image.Resampling.NEAREST)


# Composing ------------------------------------------------------------------------------------------------------------


def _sheet(tiles: Sequence[Image.Image], columns: int, gap: int, whole: bool = True) -> Image.Image:
    wide, tall = tiles[0].size
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGBA", (columns * (wide + gap) - gap, rows * (tall + gap) - gap))
    for number, tile in enumerate(tiles):
        sheet.paste(tile, (number % columns * (wide + gap), number // columns * (tall + gap)))
    return _centred(sheet) if whole else sheet


def _beside(left: Image.Image, right: Image.Image, gap: int = 44) -> Image.Image:
    both = Image.new("RGBA", (left.width + gap + right.width, max(left.height, right.height)))
    both.paste(left, (0, (both.height - left.height) // 2))
    both.paste(right, (left.width + gap, (both.height - right.height) // 2))
    return _centred(both)


def _centred(drawn: Image.Image) -> Image.Image:
    canvas = Image.new("RGBA", SIZE)
    canvas.paste(drawn, ((SIZE[0] - drawn.width) // 2, (SIZE[1] - drawn.height) // 2))
    return canvas


def _canvas() -> Image.Image:
    return Image.new("RGBA", (SIZE[0] * _FINE, SIZE[1] * _FINE))


def _finished(canvas: Image.Image) -> Image.Image:
    return canvas.resize(SIZE, Image.Resampling.LANCZOS)


def _dots(canvas: Image.Image, places: np.ndarray, colors: Sequence[Color], radius: float) -> Image.Image:
    pencil = ImageDraw.Draw(canvas)
    for (x, y), color in zip(places * _FINE, colors, strict=True):
        reach = radius * _FINE
        pencil.ellipse([x - reach, y - reach, x + reach, y + reach], fill=(*color, 255))
    return canvas


DRAWINGS = {
    "linear-california": Drawing(prices),
    "logistic-breast-cancer": Drawing(chance),
    "softmax-iris": Drawing(lambda training: plane(training, (2, 3))),
    "softmax-fashion-mnist": Drawing(templates(2, 5, 112, layer=1), epochs=6),
    "softmax-fashion-mnist-from-scratch": Drawing(script, epochs=2),
    "mlp-spirals": Drawing(plane),
    "mlp-fashion-mnist": Drawing(templates(3, 7, 84, layer=1), epochs=2),
    "lenet-digits": Drawing(maps(label=3, up_to=2, columns=3, sides=(160, 120)), epochs=3),
    "lenet-fashion-mnist": Drawing(maps(label=9, up_to=5, columns=4, sides=(168, 60)), epochs=1),
    "lenet-cifar10": Drawing(filters(sample=3, columns=3, sides=(224, 96)), epochs=20),
}

if __name__ == "__main__":
    main()
