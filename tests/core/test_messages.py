"""The words between the processes: each crosses the pipe unchanged, and nothing else is understood."""

import msgspec
import pytest

from playground.core import messages as words
from playground.core.code import Script, Span
from playground.core.comparison import Comparison, Contender, Timing
from playground.core.convolving import Stage
from playground.core.datasets import DATASETS
from playground.core.lab import told
from playground.core.lab.messages import Glance, ShowBench, ShowNetwork, ShowPage, ShowPair, TryLines
from playground.core.lab.topics import Autograd, Convolution, Descent, Slider
from playground.core.layer import Layer
from playground.core.problem import Fault

COMPARISON = Comparison(
    (Contender("cpu", 2, "the CPU with 2 threads", "CPU, 2 threads"),),
    (Timing(0, 0.25, 64, 1e-3), Timing(0, 8.0, 64, None, "it would take too long")),
    64,
    ("No GPU was found.",),
)

FAULT = Fault(where="here", what="it is so", fix="do this")
WATCH = words.Watch("filters", {"layer": [3, 0], "sample": 2})
ARRAY = words.Array("float32", (2, 3), bytes(24))
PICTURE = words.Picture(WATCH, 7, {"weight": ARRAY}, {"total": 6})
BARS = words.Histogram((0.0, 1.0, 2.0), (3, 4))
COLUMN = words.Column("sepal length", 0.0, 2.0, 1.0, 0.5, BARS, ("a", "b"))
IRIS = DATASETS["iris"]
STAGE = Stage(Layer("Conv2d", {"stride": [2, 1]}), 3, ARRAY, 0.5)

QUESTIONS = [
    words.CheckProject(1, "{}"),
    words.Preview(2, "{}", (WATCH,)),
    words.Preview(2, "{}", (WATCH,), ARRAY),
    words.FitDrawing(14, "{}", words.Array("uint8", (1, 2, 2), b"abcd")),
    words.LookAtSamples(3, "{}", 5, 6),
    words.LookAtSamples(3, "{}", count=6, part="train", stored=True, label=2),
    words.SurveyData(8, "{}"),
    words.LookAtBatch(9, "{}", 3, 4),
    words.Understand(10, "/data/cats", {"target": "age"}),
    words.PrepareData(11, "{}"),
    words.WriteCode(12, "{}", "class"),
    words.ListDevices(4),
    words.Compare(4, "{}", 5.0),
    words.ListDatasets(5),
    words.FetchDataset(6, "mnist"),
    words.CancelFetch(7, "mnist"),
    words.Slide(13, ARRAY, (STAGE, Stage(Layer("MaxPool2d"))), 1, (3, 4), Layer("ReLU"), 7, True),
    words.AskLab(13, ShowBench(("a = torch.ones(3)",), 5, (Glance("a", (1,), (2, 3), (4, 5)),), 1)),
    words.AskLab(14, ShowPair(("a = torch.ones(3)",), "a", "a", "product", (0, 1))),
    words.AskLab(18, TryLines(("a = torch.ones(3)",), ("b = torch.eye(3)",), 5)),
    words.AskLab(17, ShowNetwork("{}", Autograd(source="network", opened=(2, 4), rounds=3))),
    words.AskLab(
        15, ShowPage(descent=Descent(surface="bowl"), convolution=Convolution(layers=(Slider(kernel=(((1.0,),),)),)))
    ),
]
ANSWERS = [
    words.Ready(0, {"torch": "2"}),
    words.Previewed(2, (PICTURE,)),
    words.DrawingFitted(14, ARRAY, ARRAY, True),
    words.Samples(3, ARRAY, ARRAY, 360),
    words.Samples(3, ARRAY, ARRAY, 360, (5, 9)),
    words.Surveyed(8, IRIS, (4,), {"train": 120}, {"train": (60, 60)}, BARS, BARS, (COLUMN,), 9, "here"),
    words.BatchSeen(9, 3, 4, 23, (7, 2), ARRAY, ARRAY, ARRAY),
    words.Understood(10, {"dataset": "table"}, IRIS, ("age",), (("7",),), {"target": ("age",)}),
    words.CodeWritten(
        12, Script("import torch\n", "class", (Span((3, 0), 7, 9),), {"scratch": "It has a convolution."})
    ),
    words.Devices(4, (words.Device("cpu", "CPU", 5),)),
    words.Compared(4, COMPARISON, 2, 34),
    words.Datasets(5, (words.DatasetState("iris", False, "", 9, FAULT),)),
    words.FetchProgress(6, "mnist", 1, 2),
    words.Fetched(6, "mnist"),
    words.Failed(7, FAULT),
    words.Slid(
        id=13,
        maps=(ARRAY, ARRAY),
        at=(3, 4),
        shape=(6, 2, 3),
        channels=(0, 1),
        places=ARRAY,
        rows=(-1, 0),
        columns=(2,),
        rim=(1, 1, 0, 0),
        window=ARRAY,
        weight=ARRAY,
        products=ARRAY,
        sums=ARRAY,
        total=1.5,
        bias=0.5,
        value=2.0,
        winner=3,
        after=2.0,
        fresh=True,
        multiply_adds=9,
        terms=(1, 3, 3),
        line="conv(x)",
        script="import torch",
    ),
    words.LabTold(13, told.Refused(told.LineFault(sentence="it is so", column=3, end=5, torch_message="no"))),
    words.LabTold(14, told.Product((2, 2), ARRAY, ARRAY, ARRAY, 1.5, float("inf"))),
    words.LabTold(18, told.Tried((told.Trial("a = torch.eye(3)", None, (3, 3), "float32", ARRAY),))),
    words.LabTold(15, told.Broadcast((told.Axis(None, 3, 3), told.Axis(1, 4, 4)), (3, 4), "They fit.")),
]
COMMANDS = [
    words.Start("{}", threads=2, layout="channels_last", folder="/runs/one", steps_per_second=10.0),
    words.Pull((WATCH,)),
    words.Draw(ARRAY),
    words.Pause(),
    words.Resume(),
    words.StepOnce(),
    words.StepEpoch(),
    words.Stop(),
    words.SetSpeed(None),
    words.Evaluate(),
    words.Steer(0.1, 0.01),
    words.SaveCheckpoint(),
]
FRAMES = [
    words.Frame(state="running", step=9, losses=ARRAY, pictures=(PICTURE,), fault=FAULT),
    words.Frame(state="idle", epochs=(words.EpochReport(1, 23, 0.5, 0.6, None, 2.0),)),
]
DECODERS = [
    (words.decode_question, QUESTIONS),
    (words.decode_answer, ANSWERS),
    (words.decode_command, COMMANDS),
    (words.decode_frame, FRAMES),
]


@pytest.mark.parametrize(
    ("decode", "message"),
    [(decode, message) for decode, messages in DECODERS for message in messages],
    ids=lambda one: type(one).__name__,
)
def test_a_message_crosses_unchanged(decode, message):
    assert decode(words.encode(message)) == message


def test_no_message_is_left_out_of_these_tests():
    tested = {type(message).__name__ for _decode, messages in DECODERS for message in messages}
    unions = (words.Question, words.Answer, words.Command)
    assert tested | {"Checked"} >= {kind.__name__ for union in unions for kind in union.__args__}


@pytest.mark.parametrize("decode", [decode for decode, _messages in DECODERS])
@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80", words.encode(FAULT), b"\x91" * 5000])
def test_what_is_no_message_is_refused(decode, data):
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        decode(data)


def test_equal_watches_have_equal_keys_whatever_the_order_of_their_options():
    same = words.Watch("filters", {"sample": 2, "layer": [3, 0]})
    assert same.key == WATCH.key
    assert words.Watch("filters", {"layer": [3], "sample": 2}).key != WATCH.key
