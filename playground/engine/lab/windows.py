"""A window that slides over a picture: one pixel of the output, taken apart into its products."""

import math
from functools import lru_cache
from typing import Any

import torch
from torch.nn import functional as F

from playground.core.data import Data
from playground.core.lab.told import Window
from playground.core.lab.topics import Convolution
from playground.core.problem import Problem
from playground.core.text import _
from playground.engine.lab.bench import array
from playground.engine.lab.costs import Call, estimate
from playground.engine.lab.meter import Meter
from playground.engine.lab.refusal import Refusal
from playground.engine.randomness import generator

_PADDED = {"zeros": "constant"}


def window(state: Convolution) -> Window:
    """The output, and one pixel of it with its products. raises Problem: the sizes do not fit, in PyTorch's own words"""
    picture = _picture(state)
    kernel, biases = _weights(state)
    output = _slid(state, picture, kernel, biases)
    place = tuple(min(one, size - 1) for one, size in zip(state.place, output.shape, strict=True))
    channel, row, column = place
    seen, weights, places = _PIXEL[state.layer](state, picture, kernel, (channel, row, column))
    products = seen * weights
    bias = float(biases[channel]) if biases is not None else 0.0
    largest = None
    total = products.sum().item()
    if state.layer == "MaxPool2d":
        inside = torch.where(places[..., 0] >= 0, seen, torch.tensor(-math.inf, dtype=seen.dtype))
        flat = int(inside.argmax())
        largest = tuple(int(one) for one in torch.unravel_index(torch.tensor(flat), inside.shape))
        total = inside.max().item()
    return Window(
        input=array(picture),
        output=array(output),
        kernel=array(kernel if kernel is not None else torch.zeros(0)),
        biases=array(biases if biases is not None else torch.zeros(0)),
        place=(channel, row, column),
        window=array(seen),
        weights=array(weights),
        products=array(products),
        places=array(places),
        sum=total,
        bias=bias,
        result=output[channel, row, column].item(),
        formula=(_formula(state, picture, output, 0), _formula(state, picture, output, 1)),
        products_in_all=_products(state, picture, output),
        line=line_of(state),
        largest=largest,  # type: ignore[arg-type]
    )


def _picture(state: Convolution) -> torch.Tensor:
    """(in_channels, height, width) float32"""
    if state.picture:
        widths = {len(row) for channel in state.picture for row in channel}
        heights = {len(channel) for channel in state.picture}
        if len(widths) != 1 or len(heights) != 1 or 0 in widths | heights:
            raise Problem(
                where=_("Picture"), what=_("its rows are not of equal length"), fix=_("Give every row as many numbers")
            )
        picture = torch.tensor(state.picture, dtype=torch.float32)
    else:
        picture = _sample(state.sample)
    if picture.shape[0] == 1 and state.in_channels > 1:
        picture = picture.expand(state.in_channels, -1, -1)
    return picture.contiguous()


@lru_cache(maxsize=4)
def _sample(name: str) -> torch.Tensor:
    """A sample of a data set, "digits:3", as it is stored. raises Problem: there is none"""
    from playground.engine.loader import prepare

    dataset, _colon, number = name.partition(":")
    data = prepare(Data(dataset=dataset), 0)
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


def _weights(state: Convolution) -> tuple[torch.Tensor | None, torch.Tensor | None]:
    """Kernel and biases: those of the page, or drawn from its seed as a new layer's are."""
    if state.layer not in ("Conv2d", "ConvTranspose2d"):
        return None, None
    inner = state.in_channels if state.layer == "ConvTranspose2d" else state.out_channels
    outer = state.out_channels if state.layer == "ConvTranspose2d" else state.in_channels
    if outer % state.groups or inner % state.groups:
        raise Problem(
            where=state.layer,
            what=_("{a} and {b} channels cannot be divided into {n} equal groups").format(
                a=state.in_channels, b=state.out_channels, n=state.groups
            ),
            fix=_("Choose groups that divide both"),
        )
    shape = (inner, outer // state.groups, *state.kernel_size)
    bound = 1 / math.sqrt(max(1, shape[1] * shape[2] * shape[3]))
    draws = generator(state.seed, "weights")
    kernel = (2 * torch.rand(shape, generator=draws) - 1) * bound
    if state.kernel:
        kernel = _given(state, shape)
    if not state.bias:
        return kernel, None
    biases = (2 * torch.rand(state.out_channels, generator=draws) - 1) * bound
    if state.biases:
        biases = torch.tensor(state.biases, dtype=torch.float32)
    if len(biases) != state.out_channels:
        raise Problem(
            where=state.layer,
            what=_("there are {n} biases for {many} output channels").format(n=len(biases), many=state.out_channels),
            fix=_("Give one for each"),
        )
    return kernel, biases


def _given(state: Convolution, shape: tuple[int, ...]) -> torch.Tensor:
    try:
        kernel = torch.tensor(state.kernel, dtype=torch.float32)
    except ValueError:
        kernel = torch.zeros(0)
    if tuple(kernel.shape) != shape:
        raise Problem(
            where=state.layer,
            what=_("the painted kernel has not the shape {shape}").format(shape=" × ".join(map(str, shape))),
            fix=_("Paint one of this shape, or let it be drawn"),
        )
    return kernel


def _slid(
    state: Convolution, picture: torch.Tensor, kernel: torch.Tensor | None, biases: torch.Tensor | None
) -> torch.Tensor:
    """The whole output, by PyTorch. raises Problem: it refuses, or it would take too long"""
    call = _call(state, picture[None], kernel, biases)
    try:
        estimate("windows", call, Meter())
        made: torch.Tensor = call.function(*call.arguments, **call.named)[0]
    except Refusal as refusal:
        raise Problem(where=state.layer, what=refusal.what, fix=refusal.fix or _("Change a size")) from refusal
    except (RuntimeError, ValueError) as error:
        raise Problem(where=state.layer, what=str(error).split("\n")[0], fix=_("Change a size")) from error
    if not made.numel():
        raise Problem(where=state.layer, what=_("nothing comes out"), fix=_("Use a smaller kernel, or more padding"))
    return made


def _call(state: Convolution, picture: torch.Tensor, kernel: torch.Tensor | None, biases: torch.Tensor | None) -> Call:
    sliding: dict[str, Any] = {"stride": state.stride, "padding": state.padding}
    match state.layer:
        case "MaxPool2d":
            return Call(F.max_pool2d, (picture, state.kernel_size), {**sliding, "dilation": state.dilation})
        case "AvgPool2d":
            return Call(F.avg_pool2d, (picture, state.kernel_size), sliding)
        case "ConvTranspose2d":
            more = {"output_padding": state.output_padding, "groups": state.groups, "dilation": state.dilation}
            return Call(F.conv_transpose2d, (picture, kernel, biases), {**sliding, **more})
    if state.padding_mode != "zeros":
        picture = _around(state, picture)
        sliding["padding"] = (0, 0)
    return Call(F.conv2d, (picture, kernel, biases), {**sliding, "dilation": state.dilation, "groups": state.groups})


def _around(state: Convolution, picture: torch.Tensor) -> torch.Tensor:
    """The picture with its padding. raises Problem: more than there is to reflect"""
    high, wide = state.padding
    mode = _PADDED.get(state.padding_mode, state.padding_mode) if state.layer == "Conv2d" else "constant"
    try:
        return F.pad(picture, (wide, wide, high, high), mode=mode)
    except RuntimeError as error:
        raise Problem(where=_("Padding"), what=str(error).split("\n")[0], fix=_("Use less padding")) from error


def _grid(state: Convolution, row: int, column: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows and columns of the padded input under the window, (kernel height, kernel width) each."""
    lines = (row * state.stride[0] + torch.arange(state.kernel_size[0]) * _dilation(state)[0])[:, None]
    places = (column * state.stride[1] + torch.arange(state.kernel_size[1]) * _dilation(state)[1])[None, :]
    return torch.broadcast_tensors(lines, places)


def _dilation(state: Convolution) -> tuple[int, int]:
    return (1, 1) if state.layer == "AvgPool2d" else state.dilation


def _under(
    state: Convolution, picture: torch.Tensor, channels: slice, row: int, column: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """What lies under the window, (channels, kernel height, kernel width), and where in the input, −1 outside."""
    rows, columns = _grid(state, row, column)
    seen = _around(state, picture[None])[0][channels][:, rows, columns]
    places = torch.stack([rows - state.padding[0], columns - state.padding[1]], -1)
    inside = (places >= 0).all(-1) & (places[..., 0] < picture.shape[1]) & (places[..., 1] < picture.shape[2])
    places = torch.where(inside[..., None], places, torch.tensor(-1))
    return seen, places.expand(seen.shape[0], -1, -1, -1)


def _convolved(
    state: Convolution, picture: torch.Tensor, kernel: torch.Tensor, place: tuple[int, int, int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    channel, row, column = place
    each = state.in_channels // state.groups
    group = channel // (state.out_channels // state.groups)
    seen, places = _under(state, picture, slice(group * each, (group + 1) * each), row, column)
    return seen, kernel[channel], places


def _pooled(
    state: Convolution, picture: torch.Tensor, _kernel: None, place: tuple[int, int, int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    channel, row, column = place
    seen, places = _under(state, picture, slice(channel, channel + 1), row, column)
    share = 1 / seen[0].numel() if state.layer == "AvgPool2d" else 1.0
    return seen, torch.full_like(seen, share), places


def _transposed(
    state: Convolution, picture: torch.Tensor, kernel: torch.Tensor, place: tuple[int, int, int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Each input pixel is spread by the kernel; here is what reaches one pixel of the output, and by which weight."""
    channel, row, column = place
    each_in, each_out = state.in_channels // state.groups, state.out_channels // state.groups
    group = channel // each_out
    inputs = slice(group * each_in, (group + 1) * each_in)
    high = row + state.padding[0] - torch.arange(state.kernel_size[0]) * state.dilation[0]
    wide = column + state.padding[1] - torch.arange(state.kernel_size[1]) * state.dilation[1]
    rows, columns = torch.broadcast_tensors(high[:, None], wide[None, :])
    hits = (rows % state.stride[0] == 0) & (columns % state.stride[1] == 0)
    rows, columns = rows // state.stride[0], columns // state.stride[1]
    hits &= (rows >= 0) & (columns >= 0) & (rows < picture.shape[1]) & (columns < picture.shape[2])
    safe = (rows.clamp(0, picture.shape[1] - 1), columns.clamp(0, picture.shape[2] - 1))
    seen = torch.where(hits, picture[inputs][:, safe[0], safe[1]], torch.tensor(0.0))
    places = torch.where(hits[..., None], torch.stack([rows, columns], -1), torch.tensor(-1))
    return seen, kernel[inputs, channel % each_out], places.expand(seen.shape[0], -1, -1, -1)


_PIXEL: dict[str, Any] = {
    "Conv2d": _convolved, "ConvTranspose2d": _transposed, "MaxPool2d": _pooled, "AvgPool2d": _pooled,
}  # fmt: skip


def _formula(state: Convolution, picture: torch.Tensor, output: torch.Tensor, axis: int) -> str:
    """The size of the output along an axis, with the numbers at hand."""
    size, made = picture.shape[1 + axis], output.shape[1 + axis]
    kernel, stride, padding = state.kernel_size[axis], state.stride[axis], state.padding[axis]
    dilation = _dilation(state)[axis]
    if state.layer == "ConvTranspose2d":
        return f"({size} − 1)·{stride} − 2·{padding} + {dilation}·({kernel} − 1) + {state.output_padding[axis]} + 1 = {made}"
    return f"⌊({size} + 2·{padding} − {dilation}·({kernel} − 1) − 1) / {stride}⌋ + 1 = {made}"


def _products(state: Convolution, picture: torch.Tensor, output: torch.Tensor) -> int:
    """Multiply-adds of the whole layer, products with padding included; 0 for a pooling."""
    if state.layer not in ("Conv2d", "ConvTranspose2d"):
        return 0
    windows = math.prod(state.kernel_size)
    if state.layer == "Conv2d":
        return output.numel() * windows * state.in_channels // state.groups
    return picture.numel() * windows * state.out_channels // state.groups


def line_of(state: Convolution) -> str:
    """Its line of PyTorch, what is as usual left out."""
    pair = lambda one: str(one[0]) if one[0] == one[1] else str(one)  # noqa: E731
    usual = {"stride": (1, 1), "padding": (0, 0), "output_padding": (0, 0), "dilation": (1, 1)}
    pooling = state.layer in ("MaxPool2d", "AvgPool2d")
    if pooling:
        usual = {"stride": state.kernel_size, "padding": (0, 0), "dilation": (1, 1)}
    named = [f"{name}={pair(getattr(state, name))}" for name, value in usual.items() if getattr(state, name) != value]
    if not pooling:
        named += [f"groups={state.groups}"] if state.groups != 1 else []
        named += ["bias=False"] if not state.bias else []
        named += [f"padding_mode={state.padding_mode!r}"] if state.padding_mode != "zeros" else []
    head = [] if pooling else [str(state.in_channels), str(state.out_channels)]
    return f"nn.{state.layer}({', '.join([*head, pair(state.kernel_size), *named])})"
