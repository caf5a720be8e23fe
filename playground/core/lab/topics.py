"""What a learner has typed and chosen on a page of the lab, one struct a topic. Never a result: PyTorch makes those."""

from typing import Annotated, Literal, get_args

import msgspec

from playground.core.drawing import MOST_STROKES, Stroke

LONGEST_LINE = 300  # characters
MOST_LINES = 100
LONGEST_NAME = 30

Line = Annotated[str, msgspec.Meta(max_length=LONGEST_LINE)]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(max_length=MOST_LINES)]
Number = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e12)]
Share = Annotated[float, msgspec.Meta(ge=0, lt=1)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Steps = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Setting = Annotated[int, msgspec.Meta(ge=0, le=64)]
FewNumbers = Annotated[tuple[Number, ...], msgspec.Meta(max_length=64)]
Rows = Annotated[tuple[FewNumbers, ...], msgspec.Meta(max_length=64)]


class Topic(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="topic"):
    """One of the topics."""


class Tensors(Topic, frozen=True, tag="tensors"):
    """lines: of the small language, each one line of PyTorch;  seed: of what they draw at random
    shown: name of the tensor that is looked at;  cell: of it
    left, right: what is multiplied, or broadcast, side by side
    """

    lines: Lines = ()
    seed: Seed = 0
    shown: Line = ""
    cell: Annotated[tuple[Count, ...], msgspec.Meta(max_length=4)] = ()
    left: Line = ""
    right: Line = ""


class Slopes(Topic, frozen=True, tag="slopes"):
    """functions: keys of `core.lab.functions.FUNCTIONS`, or expressions in x;  x: where the tangent lies
    low, high: of the axis;  width: of the slope triangle, and of the first difference quotient
    """

    functions: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=12)] = ("x**2",)
    x: Number = 1.0
    low: Number = -3.0
    high: Number = 3.0
    width: Positive = 1.0


class Racer(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An optimizer that races. momentum: of SGD and Nesterov;  betas: of Adam;  alpha: of RMSprop
    batch: samples in a step of its own, 0 for all of them; None takes as many as the page says
    """

    name: Literal["SGD", "momentum", "Nesterov", "Adam", "RMSprop"] = "SGD"
    lr: Positive = 0.1
    momentum: Share = 0.9
    beta1: Share = 0.9
    beta2: Share = 0.999
    alpha: Share = 0.99
    batch: Count | None = None


class Descent(Topic, frozen=True, tag="descent"):
    """function: of x, in one dimension;  surface: a key of `core.lab.functions.SURFACES`; "" is one dimension
    start: one number, or two;  ascend: the update with the wrong sign
    racers: in two dimensions, from the same start with the same budget
    batch: samples in a step on the surface of a loss; 0 is all of them
    """

    function: Line = "x**2"
    surface: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""
    start: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1, max_length=2)] = (2.0,)
    lr: Positive = 0.1
    steps: Steps = 20
    ascend: bool = False
    racers: Annotated[tuple[Racer, ...], msgspec.Meta(max_length=12)] = ()
    batch: Count = 0
    seed: Seed = 0


class Autograd(Topic, frozen=True, tag="autograd"):
    """lines: make the graph;  output: the name whose `backward()` is walked;  position: nodes walked, from the output
    rounds: how often forward and backward are done;  zero_grad: whether `.grad` is cleared between them
    source: whose graph, that of the lines or of the loss of the project's network;  opened: layers of that, by their number
        in the list, whose own nodes are seen
    """

    lines: Lines = ()
    output: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = "out"
    position: Count = 0
    rounds: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    zero_grad: bool = True
    seed: Seed = 0
    source: Literal["lines", "network"] = "lines"
    opened: Annotated[tuple[Count, ...], msgspec.Meta(max_length=64)] = ()


class Boundary(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A neuron of two features that parts two classes by the line w·x + b = 0, and how it is trained from there.

    data: a data set of points of the plane;  samples: of it;  spread: of a blob, before the features are standardized
    loss: of the sigmoid of z, against 1 for the second class;  steps: of gradient descent, over all samples each;  seed: of the points
    """

    weights: tuple[Number, Number] = (1.0, -0.5)
    bias: Number = 0.5
    data: Literal["blobs", "moons", "circles", "xor"] = "blobs"
    samples: Annotated[int, msgspec.Meta(ge=10, le=400)] = 120
    spread: Annotated[float, msgspec.Meta(ge=0, le=10)] = 3.0
    loss: Literal["cross-entropy", "MSE"] = "cross-entropy"
    lr: Positive = 0.5
    steps: Annotated[int, msgspec.Meta(ge=1, le=500)] = 60
    seed: Seed = 0


class Neuron(Topic, frozen=True, tag="neuron"):
    """inputs: x;  weights: one row a neuron, as many numbers as inputs;  biases: one a neuron
    activation: a key of `core.lab.functions.ACTIVATIONS`;  scores: of the softmax, and target the right class
    section: what of it is looked at;  row: the neuron in hand;  boundary: of the section "line"
    """

    inputs: FewNumbers = (1.0, 2.0)
    weights: Rows = ((0.5, -1.0),)
    biases: FewNumbers = (0.0,)
    activation: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = "ReLU"
    scores: FewNumbers = (2.0, 1.0, 0.0)
    target: Setting = 0
    seed: Seed = 0
    section: Literal["neuron", "line", "layer", "softmax"] = "neuron"
    row: Setting = 0
    boundary: Boundary = Boundary()


Sliding = Literal["Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"]
SLIDING: tuple[Sliding, ...] = get_args(Sliding)


class Slider(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A layer whose window slides. arguments: those pinned, as a project keeps them
    filter: the output channel that is looked at
    kernel: its weights (channels that it sees, height, width), as nested rows, one channel for all of them alike;
        () draws them from the page's seed
    bias: its own, where `kernel` is given and the layer has one
    """

    layer: Sliding = "Conv2d"
    arguments: Annotated[dict[str, bool | int | float | str | list[int] | None], msgspec.Meta(max_length=12)] = {}
    filter: Annotated[int, msgspec.Meta(ge=0, le=4095)] = 0
    kernel: Annotated[tuple[Rows, ...], msgspec.Meta(max_length=64)] = ()
    bias: Number = 0.0


class Convolution(Topic, frozen=True, tag="convolution"):
    """layers: one, or two in a row;  told: the one whose arithmetic is shown
    sample: "digits:3", the number of a sample of a data set that comes with the program, "photo:flower", or `DRAWING`,
        which is what the window's canvas makes of `strokes`, and asks about as a picture
    picture: input (channels, height, width) as nested rows; () takes the sample
    place: row and column of the output that are told, None for its middle;  channel: among those that the filter sees
    seed: of weights that nobody painted
    """

    layers: Annotated[tuple[Slider, ...], msgspec.Meta(min_length=1, max_length=2)] = (Slider(),)
    told: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    sample: Annotated[str, msgspec.Meta(max_length=60)] = "digits:0"
    picture: Annotated[tuple[Rows, ...], msgspec.Meta(max_length=64)] = ()
    strokes: Annotated[tuple[Stroke, ...], msgspec.Meta(max_length=MOST_STROKES)] = ()
    place: tuple[Count, Count] | None = None
    channel: Setting = 0
    seed: Seed = 0


State = Tensors | Slopes | Descent | Autograd | Neuron | Convolution
