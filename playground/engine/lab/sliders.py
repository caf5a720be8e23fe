"""The lab's windows that slide: a page is made a question of `engine/convolving.py`, which answers it."""

from functools import lru_cache
from typing import Any

import torch
from torch.nn import functional as F

from playground.core.arguments import faults_of, in_effect
from playground.core.convolving import PAINTED_NAME, Slide, Stage
from playground.core.data import Data
from playground.core.lab.told import Windowed
from playground.core.lab.topics import Convolution, Rows, Slider
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine import convolving
from playground.engine.lab.bench import array

PHOTOS = {"flower": "flower.jpg", "temple": "china.jpg"}  # that come with scikit-learn (CC BY, its `images/README.txt`)
_SHRUNK = 8  # pixels of a photo's side that become one
# data set -> how its pictures are prepared: digits have 8×8 pixels, which is little to slide over
_PREPARED: dict[str, tuple[dict[str, Any], ...]] = {
    "digits": ({"resize": 32}, {"normalize": "0..1"}),
    "shapes": ({"normalize": "0..1"},),
}


def windowed(state: Convolution, script: bool = False) -> Windowed:
    """The maps, and one place of them cell by cell. raises Problem: something does not fit, in PyTorch's own words"""
    picture = _rows(state.picture, _("Picture")) if state.picture else _sample(state.sample)
    channels, stages = len(picture), []
    for one in state.layers:
        stages.append(_stage(one, channels))
        channels = 1  # the next layer gets the map of this one's filter
    asked = Slide(
        0, array(picture), tuple(stages), min(state.told, len(stages) - 1), state.place, seed=state.seed, script=script
    )
    return Windowed(asked, convolving.answer(asked))


def _stage(one: Slider, channels: int) -> Stage:
    spec = LAYERS[one.layer]
    for name, fault in faults_of(spec.name, spec.arguments, one.arguments):
        raise Problem(where=f"{spec.name}, {name}", what=fault, fix=_("Change it"))
    values = in_effect(spec.arguments, one.arguments, (channels, 1, 1))
    ours = {argument.name for argument in spec.arguments if argument.to == "module"}
    kept = {name: value for name, value in values.items() if name in ours}
    weighed = "in_channels" in ours
    layer = Layer(spec.name, kept, name=PAINTED_NAME if weighed else "")
    weight = None
    if weighed and one.kernel:
        seen = max(1, channels // max(1, int(kept.get("groups") or 1)))
        given = _rows(one.kernel, _("Kernel"))
        weight = array(given.expand(seen, -1, -1) if len(given) == 1 else given[:seen])
    return Stage(layer, one.filter, weight, one.bias)


def _rows(nested: tuple[Rows, ...], what: str) -> torch.Tensor:
    """(channels, height, width) float32. raises Problem: the rows are not of equal length"""
    try:
        made = torch.tensor(nested, dtype=torch.float32)
    except ValueError:
        made = torch.zeros(0)
    if made.dim() != 3 or not made.numel():
        raise Problem(where=what, what=_("its rows are not of equal length"), fix=_("Give every row as many numbers"))
    return made


@lru_cache(maxsize=8)
def _sample(name: str) -> torch.Tensor:
    """(channels, height, width) float32, as it is prepared. raises Problem: there is none"""
    from playground.engine.loader import prepare

    dataset, _colon, number = name.partition(":")
    if dataset == "photo":
        return _photo(number)
    data = prepare(Data(dataset=dataset, preparation=_PREPARED.get(dataset, ())), 0)
    if not number.isdecimal() or len(number) > 9 or int(number) >= data.size("test"):
        raise Problem(
            where=name,
            what=_("the data set has the samples 0 to {last:,}").format(last=data.size("test") - 1),
            fix=_("Choose one of them"),
        )
    picture = data.samples("test", [int(number)])[0].float()
    if picture.dim() != 3:
        raise Problem(where=name, what=_("this data set holds no pictures"), fix=_("Choose one that does"))
    return picture


def _photo(name: str) -> torch.Tensor:
    """A photo in three colours of 0 to 1, small enough for its pixels to be seen."""
    from sklearn.datasets import load_sample_image

    if name not in PHOTOS:
        raise Problem(
            where=name, what=_("there is no such photo"), fix=_("Choose {names}").format(names=", ".join(PHOTOS))
        )
    whole = torch.tensor(load_sample_image(PHOTOS[name])).permute(2, 0, 1).float() / 255
    return F.avg_pool2d(whole, _SHRUNK)
