"""A workbench made by hand: answers what the data room asks, from arrays that a test knows."""

from typing import Any

import numpy as np

from playground.core import messages as words
from playground.core.datasets import DATASETS
from playground.core.messages import Array, Column, Histogram
from playground.core.problem import Fault
from playground.core.spec import DatasetSpec
from playground.session.session import Session
from tests.window.panels.feed import settle

TABLE = DatasetSpec(
    name="iris", title="Small table", summary="Made by hand.", task="classification", kind="table", group="tables",
    sample_shape=(2,), classes=("red", "green"), train=60, features=("width", "height"),
)  # fmt: skip
LINE = DatasetSpec(
    name="line", title="Line", summary="Made by hand.", task="regression", kind="plane", group="generated",
    sample_shape=(2,), train=60, features=("x", "y"), target="z",
)  # fmt: skip
WAVES = DatasetSpec(
    name="waves", title="Waves", summary="Made by hand.", task="regression", kind="series", group="sequences",
    sample_shape=(24,), train=60, target="next",
)  # fmt: skip
TEXT = DatasetSpec(
    name="text", title="Text", summary="Made by hand.", task="classification", kind="text", group="sequences",
    sample_shape=(12,), classes=tuple("ab \n"), tokens=4, train=60,
)  # fmt: skip
COLOURS = DatasetSpec(
    name="colours", title="Colours", summary="Made by hand.", task="classification", sample_shape=(3, 6, 6),
    classes=("airplane", "automobile", "bird"), train=60,
)  # fmt: skip
KINDS = {"picture": DATASETS["digits"], "table": TABLE, "plane": LINE, "series": WAVES, "text": TEXT, "colour": COLOURS}


def as_array(values: Any) -> Array:
    plain = np.ascontiguousarray(values)
    return Array(str(plain.dtype), plain.shape, plain.tobytes())


class Bench:
    """Answers at once. inputs: (60, *shape), of which 40 are the training part;  asked: every question so far"""

    def __init__(self, session: Session, spec: DatasetSpec) -> None:
        self.session, self.spec = session, spec
        draw = np.random.default_rng(0)
        shape = (60, *spec.sample_shape)
        self.inputs = draw.integers(0, spec.tokens, shape) if spec.tokens else draw.uniform(0, 16, shape).astype("f4")
        is_class = spec.task == "classification"
        self.targets = np.arange(60) % len(spec.classes) if is_class else draw.normal(size=60).astype("f4")
        self.fault: Fault | None = None
        self.asked: list[Any] = []
        session.client.ready = True
        session.client.ask = self.ask

    def part(self, name: str) -> np.ndarray:
        return np.arange(40) if name == "train" else np.arange(40, 60) if name == "test" else np.arange(0)

    def ask(self, make_question: Any, on_answer: Any) -> None:
        question = make_question(len(self.asked) + 1)
        self.asked.append(question)
        on_answer(words.decode_answer(words.encode(self.answer(question))))

    def answer(self, question: Any) -> words.Answer:
        if self.fault is not None:
            return words.Failed(question.id, self.fault)
        match question:
            case words.SurveyData(id):
                return self.survey(id)
            case words.LookAtSamples(id, _text, first, count, part, stored, label):
                places = self.part(part)
                places = places if label is None else places[self.targets[places] == label]
                chosen = places[first : first + count]
                values = self.inputs[chosen] if stored else self.prepared(chosen)
                numbers = tuple(int(one) for one in chosen - (places[0] if label is None and len(places) else 0))
                return words.Samples(id, as_array(values), as_array(self.targets[chosen]), len(places), numbers)
            case words.LookAtBatch(id, _text, epoch, step):
                chosen = np.arange(10 * step, 10 * step + 10)
                return words.BatchSeen(
                    id, epoch, step, 4, tuple(chosen.tolist()), as_array(self.inputs[chosen]),
                    as_array(self.prepared(chosen)), as_array(self.targets[chosen]),
                )  # fmt: skip
        return words.Failed(question.id, Fault(where="x", what="unknown", fix="none"))

    def prepared(self, places: np.ndarray) -> np.ndarray:
        return self.inputs[places] if self.spec.tokens else (self.inputs[places] / 8 - 1).astype("f4")

    def survey(self, id: int) -> words.Surveyed:
        spec = self.spec
        bars = Histogram(tuple(np.linspace(0, 16, 11).tolist()), tuple(range(10)))
        columns = [*spec.features, spec.target or "target"] if spec.kind in ("table", "plane") else []
        counts = {
            part: tuple(np.bincount(self.targets[self.part(part)], minlength=len(spec.classes)).tolist())
            for part in ("train", "validation", "test")
        } if spec.classes else {}  # fmt: skip
        return words.Surveyed(
            id, spec, spec.sample_shape, {"train": 40, "validation": 0, "test": 20}, counts, bars,
            Histogram((-1.0, 0.0, 1.0), (5, 7)),
            tuple(Column(name, 0, 16, 8, 4, bars, spec.classes if name == columns[-1] else ()) for name in columns),
            60 * 4 * int(np.prod(spec.sample_shape)), "made by hand",
        )  # fmt: skip


def show_page(panel: Any, name: str) -> Any:
    """Show a page of a data panel and let it draw."""
    panel.show_page(name)
    settle()
    return panel.room.page(name)
