"""Every message between the window and its engine processes: the only words that both sides know.

A project travels as its text (`core.project.write_project`), an array as its bytes. The workbench answers each
question once. The runner never pushes: it answers each `Pull` with one `Frame`, as soon as there is something
to tell and its books allow it.
"""

from typing import Any, Literal

import msgspec

from playground.core.carried import (
    Array as Array,
    Column as Column,
    DatasetState as DatasetState,
    Device as Device,
    EpochReport as EpochReport,
    Histogram as Histogram,
    Memory as Memory,
    Picture as Picture,
    RunFacts as RunFacts,
    Steered as Steered,
    Watch as Watch,
)
from playground.core.code import ANY, Numerics, Script
from playground.core.commands import (
    Command as Command,
    Draw as Draw,
    Evaluate as Evaluate,
    Pause as Pause,
    Pull as Pull,
    Resume as Resume,
    SaveCheckpoint as SaveCheckpoint,
    SetSpeed as SetSpeed,
    Start as Start,
    Steer as Steer,
    StepEpoch as StepEpoch,
    StepOnce as StepOnce,
    Stop as Stop,
)
from playground.core.comparison import Comparison
from playground.core.convolving import Slid as Slid, Slide as Slide
from playground.core.drawing import DrawingFitted as DrawingFitted, FitDrawing as FitDrawing
from playground.core.lab.messages import AskLab as AskLab, LabTold as LabTold
from playground.core.problem import Fault
from playground.core.report import Report
from playground.core.spec import DatasetSpec

Part = Literal["train", "validation", "test"]
State = Literal["idle", "preparing", "running", "paused", "stopping", "finished", "failed"]


# Questions to the workbench -------------------------------------------------------------------------------------


class _Question(msgspec.Struct, frozen=True, tag=True):
    id: int


class CheckProject(_Question, frozen=True):
    project: str


class Preview(_Question, frozen=True):
    """What the untrained network makes of a sample: each watch answered by its probe. drawing: the sample DRAWING"""

    project: str
    watches: tuple[Watch, ...]
    drawing: Array | None = None


class LookAtSamples(_Question, frozen=True):
    """Samples of one part. first, count: which of them, or of those with this label, in the order of the part.

    stored: as they are stored, not as the network gets them
    """

    project: str
    first: int = 0
    count: int = 1
    part: Part = "test"
    stored: bool = False
    label: int | None = None


class SurveyData(_Question, frozen=True):
    """Facts of a whole data set, for people to look at before they train. Answered by Surveyed."""

    project: str


class LookAtBatch(_Question, frozen=True):
    """One batch of the training, before and after its preparation. Answered by BatchSeen.

    epoch, step: from 0; a step beyond the epoch is taken from its end
    """

    project: str
    epoch: int = 0
    step: int = 0


class Understand(_Question, frozen=True):
    """What a file or folder of the user's is. Answered by FetchProgress where it takes long, then by Understood.

    options: what the user has corrected so far;  empty lets the program find out
    """

    path: str
    options: dict[str, Any] = {}


class PrepareData(_Question, frozen=True):
    """Decode a data set into the cache now. Answered by FetchProgress (samples, name of the data set), then Fetched."""

    project: str


class WriteCode(_Question, frozen=True):
    """The project as a script. style: a key of `core.code.STYLES`;  numerics: that it carries.  Answered by CodeWritten"""

    project: str
    style: str
    numerics: Numerics = ANY


class ListDevices(_Question, frozen=True):
    pass


class Compare(_Question, frozen=True):
    """Time the project's network on every device. Asked of a process of its own, and answered by Compared again and
    again, until `done` is `total`. seconds: about so long in all
    """

    project: str
    seconds: float = 20.0


class ListDatasets(_Question, frozen=True):
    pass


class FetchDataset(_Question, frozen=True):
    """Download a data set. Answered by any number of FetchProgress, then by Fetched or Failed."""

    name: str


class CancelFetch(_Question, frozen=True):
    """End a download, or the decoding of the user's files. name: of the data set, or the path"""

    name: str


Question = (
    CheckProject | Preview | LookAtSamples | SurveyData | LookAtBatch | Understand | PrepareData | WriteCode | ListDevices
    | Compare | ListDatasets | FetchDataset | CancelFetch | Slide | FitDrawing | AskLab
)  # fmt: skip


class _Answer(msgspec.Struct, frozen=True, tag=True):
    id: int


class Ready(_Answer, frozen=True):
    """Said once by each engine process when it can work (id 0). versions: of Python, torch and the rest."""

    versions: dict[str, str]


class Checked(_Answer, frozen=True):
    report: Report


class Previewed(_Answer, frozen=True):
    pictures: tuple[Picture, ...]


class Samples(_Answer, frozen=True):
    """inputs: (count, *shape), as prepared float32 or int64, as stored uint8, too
    targets: (count,) int64 or float32;  numbers: of the samples in their part, from 0
    total: samples in the part, or of this label in it
    """

    inputs: Array
    targets: Array
    total: int
    numbers: tuple[int, ...] = ()


class Surveyed(_Answer, frozen=True):
    """dataset: in effect;  input_shape: of a prepared sample;  sizes: of each part
    classes: of each part, samples of each class in the order of the labels; empty for regression
    stored, prepared: values of the training part (of a fair sample of it, where it is large)
    columns: of a table, the target last; else empty
    memory: bytes that the prepared samples take;  where: its place, for people
    """

    dataset: DatasetSpec
    input_shape: tuple[int, ...]
    sizes: dict[str, int]
    classes: dict[str, tuple[int, ...]]
    stored: Histogram
    prepared: Histogram
    columns: tuple[Column, ...] = ()
    memory: int = 0
    where: str = ""


class BatchSeen(_Answer, frozen=True):
    """epoch, step: from 0;  steps: in an epoch;  numbers: of the samples in the training part
    stored: (n, *sample shape);  inputs: (n, *input shape), bit for bit what the network gets;  targets: (n,)
    """

    epoch: int
    step: int
    steps: int
    numbers: tuple[int, ...]
    stored: Array
    inputs: Array
    targets: Array


class Understood(_Answer, frozen=True):
    """data: fields of `core.data.Data` that take the user's files;  dataset: in effect, its notes say what was found
    headings, rows: the first lines of a table as they will be used;  choices: option -> what it may be set to
    """

    data: dict[str, Any]
    dataset: DatasetSpec
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    choices: dict[str, tuple[str, ...]] = {}


class CodeWritten(_Answer, frozen=True):
    script: Script


class Devices(_Answer, frozen=True):
    devices: tuple[Device, ...]


class Compared(_Answer, frozen=True):
    """comparison: as far as it is;  done, total: timings"""

    comparison: Comparison
    done: int
    total: int


class Datasets(_Answer, frozen=True):
    datasets: tuple[DatasetState, ...]


class FetchProgress(_Answer, frozen=True):
    """done, total: bytes; total 0 where it is not known."""

    name: str
    done: int
    total: int


class Fetched(_Answer, frozen=True):
    name: str


class Failed(_Answer, frozen=True):
    fault: Fault


Answer = (
    Ready | Checked | Previewed | Samples | Surveyed | BatchSeen | Understood | CodeWritten | Devices
    | Compared | Datasets | FetchProgress | Fetched | Failed | Slid | DrawingFitted | LabTold
)  # fmt: skip


# What the runner tells -------------------------------------------------------------------------------------------


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What happened since the last frame.

    step: steps done;  first_step: of losses[0], from 0;  losses: float32 (n,), one a step, none left out
    epochs: those that ended since the last frame;  pictures: newest value of each watch
    samples_per_second: over the last second or so
    watching: share of the runner's time spent on frames;  frames_per_second: the rate that results
    checkpoint: step of the newest checkpoint on disk, None where there is none
    fault: why the run failed;  memory: of the run, None where it is not known
    lr: learning rate of the newest step;  best_epoch: with the lowest loss on the part to choose by, from 1, 0 before it
    steered: settings that were changed since the last frame;  stopped_early: training ended before its last epoch
    weights_epoch: the best one, from when the network has its weights again; 0 while it has those of the newest step
    testing: an evaluation that somebody asked for is under way while the training rests: another frame will tell of it
    """

    state: State
    step: int = 0
    first_step: int = 0
    losses: Array = Array("float32", (0,), b"")
    epochs: tuple[EpochReport, ...] = ()
    pictures: tuple[Picture, ...] = ()
    facts: RunFacts | None = None
    seconds: float = 0.0
    samples_per_second: float = 0.0
    watching: float = 0.0
    frames_per_second: float = 0.0
    checkpoint: int | None = None
    fault: Fault | None = None
    note: str = ""
    memory: Memory | None = None
    lr: float = 0.0
    best_epoch: int = 0
    stopped_early: bool = False
    weights_epoch: int = 0
    steered: tuple[Steered, ...] = ()
    testing: bool = False


_encoder = msgspec.msgpack.Encoder()
decode_question = msgspec.msgpack.Decoder(Question).decode
decode_answer = msgspec.msgpack.Decoder(Answer).decode
decode_command = msgspec.msgpack.Decoder(Command).decode
decode_frame = msgspec.msgpack.Decoder(Frame | Ready).decode


def encode(message: Any) -> bytes:
    """A message as the bytes of one `Connection.send_bytes`."""
    return _encoder.encode(message)
