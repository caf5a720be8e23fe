"""The preparation of samples in a script: what is done once, to all of them, and what is done to each batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from playground.engine.augmentation import Flip, Noise, RandomStep, Rotate, Shift
from playground.engine.code.lines import literal
from playground.engine.steps import Crop, Grayscale, Normalize, OneHot, Resize, Standardize, Step

FUNCTIONS = {
    "mean_and_std": '''
def mean_and_std(x, axes):
    """Of the samples that are trained on, and of no others; a constant is only shifted."""
    mean = x.double().mean(axes, keepdim=True)
    std = x.double().std(axes, correction=0, keepdim=True)
    return mean.float(), std.where(std > 0, 1).float()
''',
    "flip": '''
def flip(x, share, draws):
    """Exchange left and right of a share of the pictures."""
    flipped = torch.rand(len(x), generator=draws) < share
    return torch.where(flipped[:, None, None, None], x.flip(-1), x)
''',
    "shift": '''
def shift(x, most, outside, draws):
    """Move each picture down and right by whole pixels, each from -most to most."""
    moved = torch.randint(-most, most + 1, (len(x), 2), generator=draws)
    wide = F.pad(x, [most] * 4, value=outside)
    windows = wide.unfold(2, x.shape[2], 1).unfold(3, x.shape[3], 1)
    down, right = (most - moved).unbind(1)
    return windows[torch.arange(len(x)), :, down, right]
''',
    "rotate": '''
def rotate(x, most, outside, draws):
    """Turn each picture about its middle, by up to so many degrees either way."""
    degrees = (torch.rand(len(x), generator=draws) * 2 - 1) * most
    angle = degrees.double()[:, None, None] * (math.pi / 180)
    cos, sin = angle.cos().float(), angle.sin().float()
    height, width = x.shape[2:]
    right = (torch.arange(width) - (width - 1) / 2)[None, None, :]
    down = (torch.arange(height) - (height - 1) / 2)[None, :, None]
    from_right = right * (cos / (0.5 * width)) + down * (-sin / (0.5 * width))
    from_down = right * (sin / (0.5 * height)) + down * (cos / (0.5 * height))
    grid = torch.stack([from_right, from_down], dim=-1)
    turned = F.grid_sample(x, grid, align_corners=False)
    inside = F.grid_sample(torch.ones_like(x[:, :1]), grid, align_corners=False)
    return (turned - outside) * inside + outside if outside else turned
''',
}


@dataclass
class Prepared:
    """once: statements over `parts`, the samples of each part, the training part first
    batch: statements over one batch `x`, those in `if draws is not None` indented;  random: whether some are
    functions: names of FUNCTIONS that they call
    """

    once: list[str] = field(default_factory=list)
    batch: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    random: bool = False

    def need(self, name: str) -> None:
        if name not in self.functions:
            self.functions.append(name)


def prepared(steps: Sequence[Step], is_float: bool) -> Prepared:
    """The steps of a preparation. is_float: samples are stored as float32 already, or are tokens"""
    done = Prepared()
    early = next((place for place, step in enumerate(steps) if step.late), len(steps))
    if not is_float:
        done.once.append("parts = [x.float() for x in parts]")
    for step in steps[:early]:
        if isinstance(step, Standardize) and step.value:
            done.need("mean_and_std")
            done.once += _measured("parts[0]", step), "parts = [(x - mean) / std for x in parts]"
        elif statement := plain(step):
            done.once.append(f"parts = [{statement} for x in parts]")
    _late(done, steps[early:])
    return done


def plain(step: Step, x: str = "x") -> str:
    """A step that changes every sample alike, as an expression; nothing where it changes nothing. x: name of the samples"""
    shape = step.comes.shape
    match step:
        case Resize() if step.gives.shape != shape:
            return f'F.interpolate({x}, {literal(step.gives.shape[1:])}, mode="bilinear", antialias=True)'
        case Crop() if step.gives.shape != shape:
            top, left, side = step.top, step.left, step.value
            return f"{x}[:, :, {top}:{top + side}, {left}:{left + side}]"
        case Grayscale() if step.gives.shape != shape:
            red, green, blue = step.SHARES
            return f"{red} * {x}[:, :1] + {green} * {x}[:, 1:2] + {blue} * {x}[:, 2:]"
        case Normalize():
            return _normalized(step, x)
        case OneHot() if step.value:
            return f"F.one_hot({x}, {step.comes.tokens}).float()"
    return ""


def _normalized(step: Normalize, x: str) -> str:
    low, span = step.low, step.span
    scaled = x if not low else f"({x} - {_number(low)})" if low > 0 else f"({x} + {_number(-low)})"
    scaled = scaled if span == 1 else f"{scaled} / {_number(span)}"
    if not step.both_signs:
        return "" if scaled == x else scaled
    return f"({scaled} - 0.5) * 2"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else literal(value)


def _measured(samples: str, step: Standardize, number: str = "") -> str:
    """The statement that measures them. number: of several such steps"""
    sizes = zip(step.per_feature, step.comes.shape, strict=True)
    axes = [0, *(axis for axis, (kept, size) in enumerate(sizes, 1) if kept == 1 < size)]
    one_series = step.comes.kind == "series" and len(step.comes.shape) == 1
    return f"mean{number}, std{number} = mean_and_std({samples}, {literal([0, 1] if one_series else axes)})"


def _late(done: Prepared, steps: Sequence[Step]) -> None:
    """What is done to each batch. Where it standardises, the training part is measured once, as it comes out of the
    steps before that one, but for the random ones."""
    measuring = [place for place, step in enumerate(steps) if isinstance(step, Standardize) and step.value]
    if measuring:
        done.need("mean_and_std")
        done.once.append("measured = parts[0]")
    for place, step in enumerate(steps):
        if isinstance(step, RandomStep):
            done.random = True
            done.batch += ["if draws is not None:", f"    x = {_random(done, step)}"]
            continue
        if isinstance(step, Standardize) and place in measuring:
            number = str(measuring.index(place) + 1)
            done.once.append(_measured("measured", step, number))
        if in_batch := _changed(step, "x", measuring, place):
            done.batch.append(f"x = {in_batch}")
            if measuring and place < measuring[-1]:
                done.once.append(f"measured = {_changed(step, 'measured', measuring, place)}")


def _changed(step: Step, x: str, measuring: Sequence[int], place: int) -> str:
    if place not in measuring:
        return plain(step, x)
    number = measuring.index(place) + 1
    return f"({x} - mean{number}) / std{number}"


def _random(done: Prepared, step: RandomStep) -> str:
    if isinstance(step, Noise):
        return f"x.add(torch.randn(x.shape, generator=draws), alpha={literal(step.value)})"
    value, outside = literal(step.value), _number(step.outside)
    name = {Flip: "flip", Shift: "shift", Rotate: "rotate"}[type(step)]
    done.need(name)
    return f"flip(x, {value}, draws)" if name == "flip" else f"{name}(x, {value}, {outside}, draws)"
