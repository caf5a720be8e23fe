"""What the workbench tells of a page of the lab. Numbers that are shown come from PyTorch."""

from typing import Literal

import msgspec

from playground.core.carried import Array
from playground.core.convolving import Slid, Slide


class LineFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a line is refused. sentence, fix: without a full stop at their end
    line: from 1, 0 where it stands alone;  column, end: the part that is refused, from 0, the end not included
    torch_message: PyTorch's own, word for word, where it was PyTorch that refused
    """

    sentence: str
    fix: str = ""
    line: int = 0
    column: int = 0
    end: int = 1
    torch_message: str = ""


class TensorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one value of the bench is. label: its name, or the expression that made it;  line: that made it, from 1
    kind: "tensor", "array", "number" or "other";  text: what it is in a line of words
    strides: in numbers;  offset: where it begins in its storage, in numbers;  storage: how many numbers that holds
    storage_bytes: memory of the whole storage;  contiguous: its rows lie behind each other
    shares: labels of the others that have a number of their memory in common with it
    start: bytes from the lowest number of all that it shares memory with, and of all that those do, to its first
    low, high: of its finite numbers, None where there are none;  grad: whether it has one
    """

    label: str
    line: int
    kind: str
    text: str = ""
    shape: tuple[int, ...] = ()
    dtype: str = ""
    strides: tuple[int, ...] = ()
    offset: int = 0
    storage: int = 0
    storage_bytes: int = 0
    itemsize: int = 0
    device: str = ""
    requires_grad: bool = False
    is_leaf: bool = True
    grad_fn: str = ""
    contiguous: bool = True
    shares: tuple[str, ...] = ()
    start: int = 0
    low: float | None = None
    high: float | None = None
    grad: bool = False


class Cells(msgspec.Struct, frozen=True):
    """A window onto a value. leading: places along all axes but the last two;  first: row and column it begins with
    values: (rows, columns), in its own data type (bfloat16 as float32);  rows, columns: of the whole
    storage: the numbers of its storage from the beginning, at most a few hundred
    """

    label: str
    leading: tuple[int, ...]
    first: tuple[int, int]
    values: Array
    rows: int
    columns: int
    storage: Array


class Change(msgspec.Struct, frozen=True):
    """What a line did to a value that was there before. count: numbers that are different
    places: of the first of them;  before, after: their numbers;  reshaped: it has another shape now
    """

    label: str
    count: int
    places: tuple[tuple[int, ...], ...] = ()
    before: tuple[float, ...] = ()
    after: tuple[float, ...] = ()
    reshaped: bool = False


class LineTold(msgspec.Struct, frozen=True):
    """line: from 1;  label: under which its value is among the facts, "" where it has none
    warnings: PyTorch's own
    """

    line: int
    label: str = ""
    names: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fault: LineFault | None = None


class Bench(msgspec.Struct, frozen=True, tag=True):
    """lines: one for each that was asked;  values: of every name, and of lines that are expressions
    changes: what the line that was asked about changed
    """

    lines: tuple[LineTold, ...]
    values: tuple[TensorFacts, ...]
    cells: tuple[Cells, ...] = ()
    changes: tuple[Change, ...] = ()


class Product(msgspec.Struct, frozen=True, tag=True):
    """One cell of left @ right. row, column: of left and right, 1-D;  products: number by number
    sum: of the products, added by PyTorch;  result: the cell as torch.matmul gives it;  shape: of the result
    """

    shape: tuple[int, ...]
    row: Array
    column: Array
    products: Array
    sum: float
    result: float


class Axis(msgspec.Struct, frozen=True):
    """One axis of two shapes that are laid on each other from the right. None: that one has no such axis
    result: size after broadcasting, None where the two do not fit
    """

    left: int | None
    right: int | None
    result: int | None

    @property
    def left_stretched(self) -> bool:
        return self.result is not None and self.left != self.result

    @property
    def right_stretched(self) -> bool:
        return self.result is not None and self.right != self.result


class Broadcast(msgspec.Struct, frozen=True, tag=True):
    """axes: from the left;  result: shape, None where it is refused;  sentence: the rule in words
    torch_message: PyTorch's own where it refuses
    """

    axes: tuple[Axis, ...]
    result: tuple[int, ...] | None
    sentence: str
    torch_message: str = ""


class Attempt(msgspec.Struct, frozen=True):
    """A line that was tried. shape: of its value, None where it was refused;  values: of few numbers, else None
    torch_message: PyTorch's refusal;  help: one sentence;  avoid: why it is better not used
    """

    line: str
    shape: tuple[int, ...] | None
    values: Array | None = None
    torch_message: str = ""
    help: str = ""
    avoid: str = ""


class Attempts(msgspec.Struct, frozen=True, tag=True):
    """Lines tried side by side. left, right: shapes;  unequal: the sizes that had to be equal
    laid: how the two shapes meet, where they do not fit number by number
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    attempts: tuple[Attempt, ...]
    unequal: tuple[int, ...] = ()
    laid: Broadcast | None = None


class Trial(msgspec.Struct, frozen=True):
    """A line that was tried at the end of a page. fault: why it is refused, None where it is not
    shape, dtype: of the tensor that it makes; the dtype is "" where it makes none
    first: its numbers, as many as are worth showing
    """

    line: str
    fault: LineFault | None = None
    shape: tuple[int, ...] = ()
    dtype: str = ""
    first: Array | None = None


class Tried(msgspec.Struct, frozen=True, tag=True):
    """Lines that were tried, each alone."""

    trials: tuple[Trial, ...]


class Quotient(msgspec.Struct, frozen=True):
    """(f(x + h) − f(x)) / h, and how far it is from the slope."""

    h: float
    value: float
    error: float


class Curve(msgspec.Struct, frozen=True):
    """A function. name: as it was asked for;  title, derivative: in mathematics, of one that has a name
    x, y, slopes: float64 over the grid, slopes by autograd;  at: y and slope at the chosen x
    fault: why there is no curve
    """

    name: str
    title: str
    derivative: str = ""
    x: Array | None = None
    y: Array | None = None
    slopes: Array | None = None
    at: tuple[float, float] | None = None
    quotients: tuple[Quotient, ...] = ()
    fault: LineFault | None = None


class Curves(msgspec.Struct, frozen=True, tag=True):
    """x: where the tangents lie;  curves: in the order asked for"""

    x: float
    curves: tuple[Curve, ...]


Verdict = Literal["arrives", "too small", "swings", "runs away", "climbs", "stands still"]


class Step(msgspec.Struct, frozen=True):
    """w_after = w − lr · slope (+ where it climbs);  text: that, with its numbers;  loss_after: at w_after"""

    w: float
    loss: float
    slope: float
    w_after: float
    text: str
    loss_after: float


class Path(msgspec.Struct, frozen=True, tag=True):
    """Gradient descent in one dimension. steps: those taken; fewer than asked for where it ran out of numbers
    verdict: what it did;  limit: learning rate above which it runs away near the lowest point, None where none is known
    curve: the function around the path
    """

    steps: tuple[Step, ...]
    verdict: Verdict
    limit: float | None
    curve: Curve


class Race(msgspec.Struct, frozen=True):
    """One optimizer's way. path: (steps + 1, 2);  losses: (steps + 1,) of all samples;  seconds: that its steps took
    batch: samples in a step, 0 for all of them
    """

    name: str
    line: str
    path: Array
    losses: Array
    seconds: float
    batch: int = 0


class Races(msgspec.Struct, frozen=True, tag=True):
    """x, y: the axes;  heights: (len(y), len(x));  lowest: points known, or found by least squares"""

    x: Array
    y: Array
    heights: Array
    races: tuple[Race, ...]
    lowest: tuple[tuple[float, float], ...] = ()


class GraphNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the graph. number: its place in backward(), from 0, the output's own node first
    name: PyTorch's, "MulBackward0", or "AccumulateGrad" where a leaf's slopes are added up
    label: name of the tensor it made, or of the leaf;  line: the expression that made it;  shape, value: of that tensor
    inputs: numbers of the nodes that gave it its inputs, None where no slope is wanted there
    came_in: the slope of the output by what this node made;  goes_out: by each of its inputs, in their order
    local: the slope of what it made by each input, number by number; None where it is no such slope
    low, high: of the finite numbers of the value;  came_norm, out_norms: L2 norms, also where there are too many numbers
    layer: its number in the list of the network, 0 where it is of none;  parts: names of the nodes that are folded into it
    """

    number: int
    name: str
    leaf: bool
    label: str = ""
    line: str = ""
    shape: tuple[int, ...] = ()
    value: Array | None = None
    inputs: tuple[int | None, ...] = ()
    came_in: Array | None = None
    goes_out: tuple[Array | None, ...] = ()
    local: tuple[Array | None, ...] = ()
    low: float | None = None
    high: float | None = None
    came_norm: float = 0.0
    out_norms: tuple[float | None, ...] = ()
    layer: int = 0
    parts: tuple[str, ...] = ()


class LeafGrad(msgspec.Struct, frozen=True):
    """`.grad` of a leaf after each round of backward(). rounds: empty where it has too many numbers;  norms: L2"""

    label: str
    rounds: tuple[Array, ...]
    norms: tuple[float, ...] = ()


class Graph(msgspec.Struct, frozen=True, tag=True):
    """nodes: in the order in which backward() reaches them;  lines: what became of each line
    outside: what is computed, too, but has no node;  about: what the graph is of, in words
    """

    nodes: tuple[GraphNode, ...]
    grads: tuple[LeafGrad, ...]
    lines: tuple[LineTold, ...]
    outside: tuple[str, ...] = ()
    about: str = ""


class NeuronSlopes(msgspec.Struct, frozen=True):
    """Of z, or of a, of one neuron, by autograd. by_weights, by_inputs: (inputs,);  by_z: 1 of z itself"""

    by_weights: Array
    by_inputs: Array
    by_bias: float
    by_z: float


class NeuronTold(msgspec.Struct, frozen=True, tag=True):
    """products: (neurons, inputs) w·x;  z: (neurons,) their sums and the biases;  a: after the activation
    shares: softmax of the scores;  cross_entropy, mse: of the target (mse against 1 for the target, 0 elsewhere)
    score_slopes, mse_slopes: of the two by each score;  exps: e to the power of each
    row: the neuron in hand, and of it slopes: of z and of a;  curve: (2, points) z and a of the activation around it
    line: of PyTorch
    """

    products: Array
    z: Array
    a: Array
    shares: Array
    cross_entropy: float
    mse: float
    score_slopes: Array
    line: str
    mse_slopes: Array
    exps: Array
    row: int
    slopes: tuple[NeuronSlopes, NeuronSlopes]
    curve: Array


class BoundaryTold(msgspec.Struct, frozen=True, tag=True):
    """A neuron of two features, before and after every step of its training.

    points: (samples, 2) standardized;  labels: (samples,) 0 or 1;  classes: names of the two
    weights: (steps + 1, 2);  biases, losses: (steps + 1,);  slopes: (steps + 1, 3) of the loss by w₁, w₂ and b
    right: (steps + 1, samples) 1 where the neuron tells the class;  line: the loss as a line of PyTorch
    """

    points: Array
    labels: Array
    classes: tuple[str, str]
    weights: Array
    biases: Array
    losses: Array
    slopes: Array
    right: Array
    line: str


class Windowed(msgspec.Struct, frozen=True, tag=True):
    """A window that slides over a picture. asked: the layers with every argument in effect, and the picture"""

    asked: Slide
    slid: Slid


class Written(msgspec.Struct, frozen=True, tag=True):
    script: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """A line is refused; the page stays as it is."""

    fault: LineFault


Told = (
    Bench | Product | Broadcast | Attempts | Tried | Curves | Path | Races | Graph | NeuronTold | BoundaryTold | Windowed
    | Written | Refused
)  # fmt: skip
