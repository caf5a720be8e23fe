"""What is known of the data at hand: samples, a survey, batches. Asked of the workbench when somebody wants to see it.

An answer is kept as long as the project says the same of its data; a change of the network costs nothing. One question
is under way at a time, and the newest wish comes first, so that a fast scroll does not wait for what it has passed.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.datasets import DATASETS
from playground.core.messages import (
    Answer,
    BatchSeen,
    Failed,
    LookAtBatch,
    LookAtSamples,
    Part,
    Question,
    Samples,
    SurveyData,
    Surveyed,
)
from playground.core.problem import Fault
from playground.core.project import Project, write_project
from playground.core.spec import DatasetSpec
from playground.session.client import EngineClient
from playground.session.document import Document

MOST_KEPT = 96  # answers; pages of samples, mostly
MOST_WISHES = 8  # questions that wait; older ones are asked again by whoever still looks

Wish = LookAtSamples | LookAtBatch | SurveyData  # a question without number and project
Found = TypeVar("Found", Samples, BatchSeen, Surveyed)


class Looking(QObject):
    """fault: why the newest question could not be answered, None where it could"""

    changed = Signal()  # there is an answer more
    forgotten = Signal()  # the answers so far are about other data

    def __init__(self, document: Document, client: EngineClient, parent: QObject | None = None):
        super().__init__(parent)
        self._document, self._client = document, client
        self._about = _about(document.project)
        self._known: OrderedDict[Wish, Answer] = OrderedDict()
        self._wishes: OrderedDict[Wish, None] = OrderedDict()
        self._under_way: Wish | None = None
        document.project_changed.connect(self._on_project_changed)
        client.ready_changed.connect(self._on_ready_changed)
        client.fetched.connect(self.forget)

    @property
    def dataset(self) -> DatasetSpec | None:
        """The data set in effect where it is known, else as it is declared; None where there is none of this name."""
        data, checked = self._document.project.data, self._client.checked
        report = self._client.report
        if report is not None and report.dataset is not None and checked is not None and checked.data == data:
            return report.dataset
        found = self._known.get(SurveyData(0, ""))
        if isinstance(found, Surveyed):
            return found.dataset
        return DATASETS.get(data.dataset)

    @property
    def fault(self) -> Fault | None:
        """Why the data cannot be looked at; None where they can, or nobody asked."""
        found = self._known.get(SurveyData(0, ""))
        return found.fault if isinstance(found, Failed) else None

    def survey(self) -> Surveyed | None:
        """Facts of the whole data set; None until they are there."""
        return self._get(SurveyData(0, ""), Surveyed)

    def samples(self, part: Part, first: int, count: int, stored: bool, label: int | None = None) -> Samples | None:
        """Some samples of a part, in their order; None until they are there."""
        return self._get(LookAtSamples(0, "", first, count, part, stored, label), Samples)

    def batch(self, epoch: int, step: int) -> BatchSeen | None:
        """The batch of one step; None until it is there. epoch, step: from 0"""
        return self._get(LookAtBatch(0, "", epoch, step), BatchSeen)

    def fault_of_batch(self, epoch: int, step: int) -> Fault | None:
        """Why a batch cannot be shown; None where it can, or is not known yet."""
        found = self._known.get(LookAtBatch(0, "", epoch, step))
        return found.fault if isinstance(found, Failed) else None

    def forget(self, *_news: object) -> None:
        """Everything may be another, e.g. because files have come."""
        self._known.clear()
        self._wishes.clear()
        self.forgotten.emit()

    def _get(self, wish: Wish, kind: type[Found]) -> Found | None:
        found = self._known.get(wish)
        if found is not None:
            self._known.move_to_end(wish)
            return found if isinstance(found, kind) else None
        if wish != self._under_way:
            self._wishes[wish] = None
            self._wishes.move_to_end(wish)
            if len(self._wishes) > MOST_WISHES:
                self._wishes.popitem(last=False)
            self._ask()
        return None

    def _ask(self) -> None:
        if self._under_way is not None or not self._wishes or not self._client.ready:
            return
        wish, _nothing = self._wishes.popitem()
        self._under_way = wish
        about, text = self._about, write_project(self._document.project)

        def numbered(id: int) -> Question:
            return msgspec.structs.replace(wish, id=id, project=text)

        self._client.ask(numbered, self._taker(wish, about))

    def _taker(self, wish: Wish, about: Any) -> Callable[[Answer], None]:
        def take(answer: Answer) -> None:
            self._under_way = None
            if _same_for(wish, about, self._about):
                self._known[wish] = answer
                if len(self._known) > MOST_KEPT:
                    self._known.popitem(last=False)
                self.changed.emit()
            self._ask()

        return take

    def _on_project_changed(self, project: Project) -> None:
        before, self._about = self._about, _about(project)
        if before == self._about:
            return
        kept = [wish for wish in self._known if _same_for(wish, before, self._about)]
        self._known = OrderedDict((wish, self._known[wish]) for wish in kept)
        self._wishes.clear()
        self.forgotten.emit()

    def _on_ready_changed(self) -> None:
        if self._client.ready:
            for wish in [one for one, answer in self._known.items() if isinstance(answer, Failed)]:
                del self._known[wish]  # it may have failed because the workbench died
            self.forgotten.emit()
            self._ask()


def _about(project: Project) -> tuple[Any, Any]:
    """What the samples depend on, and what the batches depend on besides."""
    data = project.data
    samples = (msgspec.structs.replace(data, batch_size=1, shuffle=True), project.recipe.seed)
    return samples, (data.batch_size, data.shuffle)


def _same_for(wish: Wish, one: Any, other: Any) -> bool:
    """Whether a wish about the one is answered by what was said of the other."""
    return bool(one == other if isinstance(wish, LookAtBatch) else one[0] == other[0])
