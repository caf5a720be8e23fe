"""Which picture a panel gets: of the run, of the untrained network, or from before an edit. No process is started."""

import pytest
from PySide6.QtCore import QObject, Signal

from playground.core.edit import InsertLayers, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Failed, Picture, Previewed, Watch
from playground.core.problem import Fault
from playground.core.project import Project
from playground.session import pictures
from playground.session.background import Background
from playground.session.document import Document
from playground.session.pictures import Pictures

NETWORK = (Layer("Conv2d"), Layer("ReLU"), Layer("Conv2d"), Layer("Flatten"), Layer("Linear", {"out_features": 10}))
FIRST, SECOND = Watch("filters", {"layer": [0]}), Watch("filters", {"layer": [2]})
SAMPLE = Watch("prediction", {"sample": 0})
ALL = (FIRST, SECOND, SAMPLE)
MISFIT = Fault(where="Linear", what="it does not fit", fix="Undo")


class Workbench(QObject):
    """Stands for the client: questions are kept until the test answers them."""

    report_changed = Signal(object)
    fetched = Signal(str)
    ready = True

    def __init__(self) -> None:
        super().__init__()
        self._asked: list = []

    def ask(self, make, callback) -> None:
        self._asked.append((make(1), callback))

    @property
    def waiting(self) -> int:
        """Questions that are not answered yet."""
        return len(self._asked)

    def answer(self, fits: bool = True) -> None:
        """Answer what was asked, and what is asked then."""
        self.report_changed.emit(None)
        while self._asked:
            question, callback = self._asked.pop(0)
            drawn = tuple(Picture(watch, 0, facts={"preview": True}) for watch in question.watches)
            callback(Previewed(1, drawn) if fits else Failed(1, MISFIT))


class Stage:
    """A document with a run of it that has come to step 422."""

    def __init__(self, parent: QObject) -> None:
        self.document = Document(Project(network=NETWORK), "small", Background(parent), parent)
        self.workbench = Workbench()
        self.run: Project | None = None
        self.active = False
        self.pictures = Pictures(self.document, self.workbench, lambda: self.run, lambda: self.active, parent)
        self.pictures.watch("panels", ALL)
        self.workbench.answer()

    def train(self) -> None:
        self.run = self.document.project
        self.pictures.forget_run()
        self.pictures.take(Picture(watch, 422) for watch in ALL)

    def edit(self, change, fits: bool) -> None:
        self.document.apply(change)
        self.workbench.answer(fits)

    def shown(self) -> list[tuple[int, bool] | None]:
        """(step, whether it is from before the edit) of each watch; None where there is no picture."""
        found = [(self.pictures.newest(watch), self.pictures.is_from_before(watch)) for watch in ALL]
        return [(picture.step, old) if picture is not None else None for picture, old in found]


@pytest.fixture
def stage(qapp):
    parent = QObject()
    yield Stage(parent)
    parent.deleteLater()


LARGER = SetArgument((2,), "kernel_size", 5)


def test_before_a_run_the_untrained_network_is_shown_and_then_the_run(stage):
    assert stage.shown() == [(0, False)] * 3
    stage.train()
    assert stage.shown() == [(422, False)] * 3


def test_after_an_edit_that_does_not_fit_the_last_pictures_stay_and_say_so(stage):
    stage.train()
    stage.edit(LARGER, fits=False)
    assert stage.shown() == [(422, True)] * 3
    stage.document.undo_stack.undo()
    assert stage.shown() == [(422, False)] * 3


def test_they_stay_over_further_edits_until_one_fits(stage):
    stage.train()
    stage.edit(LARGER, fits=False)
    stage.edit(SetArgument((2,), "kernel_size", 7), fits=False)
    assert stage.shown() == [(422, True)] * 3
    stage.edit(SetArgument((2,), "kernel_size", 1), fits=True)
    assert stage.shown() == [(0, False)] * 3


def test_a_layer_that_has_another_place_loses_its_picture_and_those_above_keep_theirs(stage):
    stage.train()
    stage.edit(InsertLayers((1,), (Layer("Conv2d"),)), fits=False)
    assert stage.shown() == [(422, True), None, (422, True)]


def test_without_a_run_the_untrained_pictures_stay(stage):
    stage.edit(LARGER, fits=False)
    assert stage.shown() == [(0, True)] * 3


def test_nothing_flickers_while_the_answer_is_on_its_way(stage):
    stage.train()
    stage.document.apply(LARGER)
    assert stage.shown() == [(422, False)] * 3


def test_an_edit_of_the_recipe_leaves_the_trained_network_in_sight(stage):
    stage.train()
    stage.edit(SetRecipe({"epochs": 3}), fits=True)
    assert stage.shown() == [(422, False)] * 3


def test_another_room_costs_a_paused_run_no_picture_and_the_next_step_those_that_nobody_sees(stage):
    stage.train()
    other = Watch("prediction")
    stage.pictures.unwatch("panels")
    stage.pictures.watch("another room", (other,))
    stage.pictures.take([Picture(other, 422)])  # at the same step: the runner tells what it has told no more
    stage.pictures.watch("panels", ALL)
    assert stage.shown() == [(422, False)] * 3
    stage.pictures.unwatch("panels")
    stage.pictures.take([Picture(other, 423)])
    stage.pictures.watch("panels", ALL)
    stage.workbench.answer()
    assert stage.shown() == [(0, False)] * 3


def test_another_document_shows_nothing_of_the_one_before(stage):
    stage.train()
    stage.document.new(Project(network=(*NETWORK, Layer("Linear"))), "other")
    stage.workbench.answer(fits=False)
    assert stage.shown() == [None] * 3


def test_a_new_run_forgets_what_was_before(stage):
    stage.train()
    stage.edit(LARGER, fits=False)
    stage.train()
    assert stage.shown() == [(422, False)] * 3


def test_beside_a_run_the_workbench_rests_four_times_as_long_as_a_preview_took(stage, qtbot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pictures.time, "monotonic", lambda: now[0])
    stage.document.apply(SetArgument((0,), "out_channels", 3))
    stage.workbench.report_changed.emit(None)
    assert stage.workbench.waiting == 1
    now[0] += 0.01
    stage.workbench.answer()
    stage.active = True
    stage.document.apply(SetArgument((0,), "out_channels", 4))
    stage.workbench.report_changed.emit(None)
    assert stage.workbench.waiting == 0  # until 0.04 s later
    now[0] += 0.05
    qtbot.waitUntil(lambda: stage.workbench.waiting == 1)
    stage.workbench.answer()
    stage.active = False
    stage.document.apply(SetArgument((0,), "out_channels", 5))
    stage.workbench.report_changed.emit(None)
    assert stage.workbench.waiting == 1  # without a run, at once
