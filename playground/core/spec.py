"""What a declaration is. Form, check, file, help, command line and tests read these and nothing else.

Declarations are data: they hold no torch and no widget, only names of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

AUTO = None  # the default of an argument that is worked out from the input of its layer

Shape = tuple[int, ...]  # of one sample, without the batch axis


class Argument(msgspec.Struct, frozen=True, kw_only=True):
    """One setting of a layer, an optimizer, a loss or a preparation.

    kind: "pair" is one whole number for both axes or a list of two (height, width);
        with `choices`, a pair may also be one of these words
        "ints" is one whole number, or a list of as many as one of `counts`, of any length where that is empty
        "path" is a file or folder on this machine, "text" any words;  both are strings
        "weights" is a list with a number for each class; AUTO where all classes count alike
    default: the value on auto; AUTO where `from_input` gives it
    from_input: the axis of the input shape whose size is the value on auto, e.g. -3 or 0 for channels; "tokens" for how
        many different ones there are
    follows: another argument; on auto, this one is what that one is
    unless: another argument; where that is pinned, this one on auto is left to PyTorch
    to: who is given it: PyTorch's module, the `wrapper` of its layer, or what draws the first weights
    needs: another argument, and the value that it must have for this one to matter; the form hides it otherwise
    low, high: the range, both ends allowed; `open_low` leaves the lower end out
    unit: "px" and the like, shown behind the number
    """

    name: str
    kind: Literal["int", "float", "bool", "choice", "pair", "ints", "path", "text", "weights"]
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    from_input: int | Literal["tokens"] | None = None
    follows: str = ""
    unless: str = ""
    counts: tuple[int, ...] = ()
    to: Literal["module", "wrapper", "weights"] = "module"
    needs: tuple[str, Any] = ("", None)


# (arguments in effect, input shape, output shape) -> a sentence with the learner's own numbers
Arithmetic = Callable[[Mapping[str, Any], Shape, Shape], str]

# (arguments in effect, input shape) -> about how many numbers the output of one sample has
Size = Callable[[Mapping[str, Any], Shape], float]

# (arguments in effect, input shape, output shape) -> multiply-adds of one sample in the forward pass
Products = Callable[[Mapping[str, Any], Shape, Shape], int]


class LayerSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A layer of the catalogue.

    name: the word in files and in the list, PyTorch's own
    family: the heading it stands under in the palette
    torch_name: where PyTorch keeps the module; its keyword arguments are `arguments` and `fixed`
    wrapper: a module that is given that one, for those that do not simply take one tensor and give one
    steps: a sample is (steps, features), and nothing else: of other numbers of axes PyTorch takes the batch for one
    brief: short text of a row, a format string over the arguments in effect, "k{kernel_size}"
    sentences: argument name -> arithmetic with the learner's numbers, shown below the form
    example, example_input: arguments to pin, and an input shape, with which it builds (contract tests, help)
    example_tokens: how many different ones that input has; 0 where it is numbers
    axes: how many a sample must have, 3 for channels × height × width; 0 where any number will do
    size: of the output, or of what is made on the way, where that can be much larger than the input: it is then tried
        without numbers
    products: how often it multiplies two numbers and adds the product to a sum; None where it makes no sums of products.
        What it does once for each value (scaling, bending, a gate) does not count
    maps: its output is worth a strip of pictures in its row;  kernels: its weights are worth looking at
    block: it holds other layers: a chain, or branches that each get what comes in
    docs: a page that tells of it; empty for PyTorch's own
    """

    name: str
    family: str
    title: str
    summary: str
    torch_name: str
    icon: str
    arguments: tuple[Argument, ...] = ()
    brief: str = ""
    sentences: Mapping[str, Arithmetic] = {}
    example_input: Shape = (3, 9, 9)
    example: dict[str, Any] = {}
    example_tokens: int = 0
    wrapper: str = ""
    fixed: Mapping[str, Any] = {}
    axes: int = 0
    steps: bool = False
    size: Size | None = None
    products: Products | None = None
    maps: bool = False
    kernels: bool = False
    block: Literal["", "chain", "branches"] = ""
    docs: str = ""

    @property
    def docs_url(self) -> str:
        """PyTorch's page of this module, or the paper it is from."""
        return self.docs or f"https://docs.pytorch.org/docs/stable/generated/{self.torch_name}.html"

    def argument(self, name: str) -> Argument | None:
        """The declaration of one argument, or None where there is none of this name."""
        return next((one for one in self.arguments if one.name == name), None)


class DatasetSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A data set of the gallery: what it is. `engine/datasets/<module>.py` says how it is read.

    A generated set, or one read from the user's own files, declares `arguments` (`Data.options` pins them); its reader
    then has a function `describe`, which gives the spec in effect: shape, classes, counts as they really are.

    kind: what a sample is, and so how it is shown: a picture (channels, height, width), a row of a table (features,),
        a point of the plane (2,), a stretch of a series (length,) or (channels, length), a text of tokens (length,)
    group: the heading it stands under in the gallery
    sample_shape: of one sample as stored, e.g. (1, 28, 28) or (4,); () where only the user's files tell
    classes: their names in the order of the labels; empty for regression
    train, test: number of samples; test None where the set has no test part and is split by `Data.test_fraction`
    bytes: size of the download; 0 where it comes with a library that we depend on, or is made here
    features: names of the columns of a table, the axes of a plane;  target: name and unit of what is predicted
    tokens: how many different tokens a text has (samples are then int64 indices); 0 for everything else
    own: read from a file or folder that the user names in the option "path"
    notes: what was understood of the user's files, one sentence each; only in a spec in effect
    preparation: the steps to begin with
    written: pictures of what a hand wrote, all brought to one size; a drawing is fitted to them, see `engine/ink.py`
    """

    name: str
    title: str
    summary: str
    task: Literal["classification", "regression"]
    kind: Literal["picture", "table", "plane", "series", "text"] = "picture"
    group: Literal["pictures", "tables", "generated", "sequences", "own"] = "pictures"
    sample_shape: Shape
    classes: tuple[str, ...] = ()
    train: int
    test: int | None = None
    bytes: int = 0
    licence: str = ""
    source: str = ""
    features: tuple[str, ...] = ()
    target: str = ""
    tokens: int = 0
    own: bool = False
    arguments: tuple[Argument, ...] = ()
    notes: tuple[str, ...] = ()
    preparation: tuple[dict[str, Any], ...] = ()
    written: bool = False


class LossSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A loss. targets: what the module is given, class indices, one-hot rows or values.

    arguments: keywords of the module; "balance" is ours: each class then weighs as much as it is rare. Those of the kind
        "weights" are given to it as tensors
    """

    name: str
    title: str
    summary: str
    torch_name: str
    targets: Literal["index", "one_hot", "value"]
    tasks: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()


class OptimizerSpec(msgspec.Struct, frozen=True, kw_only=True):
    """An optimizer: `torch_name` takes `arguments` as keywords. by_hand: a script writes its one line of arithmetic"""

    name: str
    title: str
    summary: str
    torch_name: str
    arguments: tuple[Argument, ...]
    by_hand: bool = False


class Place(NamedTuple):
    """Where a training stands. step: steps done;  steps_per_epoch, epochs: of the whole run
    losses: of the held-back part at the end of each epoch so far
    """

    step: int
    steps_per_epoch: int
    epochs: int
    losses: Sequence[float] = ()

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return self.step // self.steps_per_epoch

    @property
    def steps(self) -> int:
        """Of the whole run."""
        return self.steps_per_epoch * self.epochs


class ScheduleSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule of the learning rate.

    each: whether `torch_name`'s object is moved on after every step or after every epoch
    rate: (arguments in effect, the optimizer's learning rate, where the training stands) -> rate of the next step
    """

    name: str
    title: str
    summary: str
    torch_name: str
    each: Literal["step", "epoch"]
    rate: Callable[[Mapping[str, Any], float, Place], float]
    arguments: tuple[Argument, ...]


class PreparationSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A step between the stored sample and the network. In a file: {name: value of `argument`}.

    random: it changes each training sample anew whenever it is seen (augmentation), and no test sample
    late: it is done to each batch, because the result would not fit into memory. All steps below a random or late
        step are done to each batch, too
    kinds: of samples it works on, see DatasetSpec; empty is all
    """

    name: str
    title: str
    summary: str
    argument: Argument
    random: bool = False
    late: bool = False
    kinds: tuple[str, ...] = ()


class PanelSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A panel of the window.

    make: (session) -> QWidget with the methods of `window.panels.base.Panel`
    room: the tab under which it stands: "training" for what watches a run, "results" for how good the network is, "step"
          for one step of it, "convolution" for what a window makes of its input, "draw" for a sample of one's own, "runs"
          for what is kept, "data" for what looks at the data, "code" for the project as a script, "devices" for what
          measures the machine, "lab" for what explains tensors, slopes and descent
    area, order: where it stands in the default layout of its room
    lab: topics of the lab that explain what it shows, keys of `core.lab.page.TOPICS`
    """

    name: str
    title: str
    make: Callable[[Any], Any]
    room: Literal["training", "results", "step", "convolution", "draw", "runs", "data", "code", "devices", "lab"] = (
        "training"
    )
    area: Literal["top", "bottom"] = "top"
    order: int = 100
    lab: tuple[str, ...] = ()
