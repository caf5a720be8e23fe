"""A window that slides over an input: what the window of the program asks, and what the workbench answers.

Every number that is shown is PyTorch's. One question holds all that it needs, so that nothing has to be remembered
between two of them: the newest one wins.
"""

import msgspec

from playground.core.carried import Array
from playground.core.layer import Layer

WINDOWS = ("Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d")  # layers whose window can be seen
PAINTED_NAME = "painted"  # of the layer of a painted kernel, by which its answer is told from one of the network
RIM, NOTHING = -1, -2  # in `Slid.places`: a cell on the rim that padding adds, one that lies on nothing
MOST_INPUT = 1_000_000  # values of an input, and
MOST_PARAMETERS = 5_000_000  # weights of a layer, that can be shown
LONGEST_SCRIPT = 4_096  # values of an input that are written into a script


class Stage(msgspec.Struct, frozen=True):
    """A layer with a window. layer: its arguments are those in effect, `in_channels` follows from the input

    filter: the output channel that is looked at
    weight: of this filter, (channels of its group, height, width); None draws it anew, as for an untrained network
    bias: of this filter, 0 where it has none
    """

    layer: Layer
    filter: int = 0
    weight: Array | None = None
    bias: float = 0.0


class Slide(msgspec.Struct, frozen=True, tag=True):
    """Let windows slide over an input, one stage after another; a further one gets the map of the one before it.

    input: (channels, height, width);  told: the stage of which one place is told
    at: row and column of that place in the stage's map, None for the middle; one outside is moved inside
    after: the activation that follows the told stage;  seed: of weights that are drawn anew
    script: also write it as a script
    """

    id: int
    input: Array
    stages: tuple[Stage, ...]
    told: int = 0
    at: tuple[int, int] | None = None
    after: Layer | None = None
    seed: int = 0
    script: bool = False


class Slid(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What came of it. All but `maps` is of the stage that is told.

    maps: of each stage, (height, width) of its filter;  filter: the one that is told, the last where there are fewer
    at: the place that is told;  shape: of all that the layer gives, (channels, height, width)
    channels: of the input, those that the filter sees; `channels` below are these alone
    places: (height, width) of the window, int64: a place in a channel of the input counted row by row, RIM or NOTHING
    rows, columns: where those of the window lie in the input, or on its rim (below 0, or behind its end); of a transposed
        convolution those of the pixels that paint this place, -1 where there is none
    rim: rows and columns that padding adds: left, right, above, below
    window: (channels, height, width), what lies under the window;  weight: the same shape, what each is multiplied with
    products: the same shape;  sums: (channels,), of the products of each channel
    total: of all products;  bias: 0 where there is none;  value: what PyTorch gives, total + bias
    winner: of max pooling, the place of the largest in the window; -1 for every other layer
    after: the value behind the activation, None where it cannot be told of one value alone
    fresh: the weights were drawn anew, because those of the network do not fit these arguments
    multiply_adds: of the whole layer;  terms: filters, places and products of a place, that it is made of
    line: how PyTorch is asked for this value;  script: empty unless it was asked for
    """

    id: int
    maps: tuple[Array, ...]
    at: tuple[int, int]
    shape: tuple[int, int, int]
    channels: tuple[int, ...]
    places: Array
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    rim: tuple[int, int, int, int]
    window: Array
    weight: Array
    products: Array
    sums: Array
    total: float
    bias: float
    value: float
    winner: int = -1
    after: float | None = None
    fresh: bool = False
    multiply_adds: int = 0
    terms: tuple[int, int, int] = (0, 0, 0)
    line: str = ""
    script: str = ""
    filter: int = 0
