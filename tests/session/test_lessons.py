"""The lesson that is followed: what counts for its steps, that a done one stays done, and where progress is kept."""

import struct
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication

from playground.core.convolving import PAINTED_NAME, Slide, Stage
from playground.core.edit import SetRecipe
from playground.core.lab import told
from playground.core.lab.page import default_page
from playground.core.lab.topics import Descent, Slopes, Tensors
from playground.core.layer import Layer
from playground.core.lessons import checks
from playground.core.lessons.lesson import Lesson
from playground.core.messages import Array, EpochReport, Frame, RunFacts
from playground.core.problem import DIVERGED, Fault
from playground.core.project import Project
from playground.disk import folders
from playground.session.lessons import REST_MS
from playground.session.session import Session
from tests.session.test_lab import Desk

FACTS = RunFacts("cpu", 1, "contiguous", 100, 20, 10, 4)
PAGE = Descent(lr=0.2)
DESCENT = Lesson(
    "03-descent",
    "Descent",
    "Downhill",
    "Text",
    (checks.Descends(say="Up.", verdict="runs away"), checks.Descends(say="Down.", verdict="arrives")),
    page=PAGE,
    ours=True,
)
REGRESSION = Lesson(
    "06-linear",
    "Linear",
    "A line",
    "Text",
    (checks.LossRose(say="Up."), checks.LossAtMost(say="Down.", at_most=0.6)),
    preset="linear-california",
)


@pytest.fixture
def session(make_session, tmp_path, monkeypatch) -> Session:
    """One with settings of its own, whose engine is not started."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = make_session(start=False)
    made.training._process.send = lambda _order: None
    monkeypatch.setattr(made.training._process, "start", lambda: None)
    return made


@pytest.fixture
def desk(session) -> Desk:
    return Desk(session.lab)


def path(verdict: str) -> told.Path:
    return told.Path((), verdict, 1.0, told.Curve("x", "x"))


def tell(session: Session, desk: Desk, answer: Any) -> None:
    """Somebody asks about the page, and the workbench answers."""
    from playground.core.lab.messages import ShowPage

    session.lab.ask(ShowPage(descent=Descent()), lambda _told: None)
    desk.answer(answer)
    rest(session)


def rest(session: Session) -> None:
    """The hand is off the page for long enough."""
    timer = session.lessons._rest
    if timer.isActive():
        timer.setInterval(0)
        end = time.monotonic() + 5
        while timer.isActive() and time.monotonic() < end:
            QCoreApplication.processEvents()
        timer.setInterval(REST_MS)


def frame(session: Session, losses: list[float], loss: float | None = None, **more: Any) -> None:
    """One of a run. loss: on the test, of an epoch that ended"""
    first = len(session.training.history.losses)
    step = first + len(losses)
    epochs = (EpochReport(1, step, 1.0, loss, None, 1.0),) if loss is not None else ()
    values = Array("float32", (len(losses),), struct.pack(f"{len(losses)}f", *losses))
    state = more.pop("state", "running")
    session.training._on_frame(
        Frame(state=state, step=step, first_step=first, losses=values, epochs=epochs, facts=FACTS, **more)
    )


def test_a_lesson_opens_its_page_as_one_step_of_undo(session):
    session.lab.change(Tensors(lines=("mine = torch.ones(2)",)), "type")
    session.lessons.begin(DESCENT)
    assert session.lab.page.state == PAGE
    assert session.lab.name == "Descent"
    assert session.lab.is_running
    assert not session.lab.is_modified
    session.lab.undo_stack.undo()
    assert session.lab.page.state.lines == ("mine = torch.ones(2)",)


def test_the_page_of_a_strangers_lesson_waits_until_somebody_runs_it(session):
    stranger = Lesson("x", "X", "x", "x", DESCENT.steps, page=PAGE)
    session.lab.change(Tensors(), "type")
    session.lessons.begin(stranger)
    assert session.lab.page.state == PAGE
    assert not session.lab.is_running


def test_steps_are_done_in_their_order_and_stay_done(session, desk, qtbot):
    lessons = session.lessons
    lessons.begin(DESCENT)
    tell(session, desk, path("arrives"))
    assert lessons.done(DESCENT) == 0  # the second comes after the first
    with qtbot.waitSignal(lessons.step_done, timeout=1_000) as done:
        tell(session, desk, path("runs away"))
    assert done.args == [0]
    tell(session, desk, path("swings"))
    assert lessons.done(DESCENT) == 1
    assert not lessons.is_done(DESCENT)
    tell(session, desk, path("arrives"))
    assert lessons.is_done(DESCENT)
    tell(session, desk, path("runs away"))
    assert lessons.is_done(DESCENT)


def test_what_was_asked_before_the_lesson_does_not_count(session, desk):
    from playground.core.lab.messages import ShowPage

    session.lab.choose("descent")
    session.lab.ask(ShowPage(descent=Descent()), lambda _told: None)
    session.lessons.begin(DESCENT)  # a page of the same topic
    desk.answer(path("runs away"))
    assert session.lessons.done(DESCENT) == 0


def test_progress_is_there_in_the_next_session_and_start_again_forgets_it(session, desk, make_session):
    session.lessons.begin(DESCENT)
    tell(session, desk, path("runs away"))
    session.close()
    later = make_session(start=False)
    assert later.lessons.done(DESCENT) == 1
    assert later.lessons.done(REGRESSION) == 0
    later.lessons.forget(DESCENT)
    assert later.lessons.done(DESCENT) == 0
    assert not later.lessons.is_done(DESCENT)


def test_a_finished_lesson_stays_finished_when_it_is_started_again(session, desk, make_session):
    lessons = session.lessons
    session.settings.set("lessons/03-descent", 2)
    lessons.begin(DESCENT)
    lessons.forget(DESCENT)
    lessons.begin(DESCENT, anew=True)
    assert lessons.done(DESCENT) == 0
    assert lessons.is_done(DESCENT)
    assert lessons.reached(DESCENT) == 2
    tell(session, desk, path("runs away"))  # its steps are looked at all the same
    assert lessons.done(DESCENT) == 1
    session.close()
    later = make_session(start=False)
    assert later.lessons.is_done(DESCENT)
    assert later.lessons.reached(REGRESSION) == 0


def test_what_a_drag_passes_on_its_way_is_not_done(session, desk, qtbot):
    lesson = Lesson(
        "s", "S", "s", "s", (checks.SlopeIs(say="12.", function="x**3", slope=12),), page=Slopes(("x**3",)), ours=True
    )
    lessons = session.lessons
    lessons.begin(lesson)

    def drag(x: float) -> None:
        from playground.core.lab.messages import ShowPage

        session.lab.change(Slopes(("x**3",), x), "drag", "x")
        session.lab.ask(ShowPage(slopes=Slopes(("x**3",), x)), lambda _told: None)
        desk.answer(told.Curves(x, (told.Curve("x**3", "x³", at=(x**3, 3 * x**2)),)))

    drag(2.0)
    assert lessons.done(lesson) == 0
    drag(2.32)
    rest(session)
    assert lessons.done(lesson) == 0
    with qtbot.waitSignal(lessons.step_done, timeout=5_000):  # let go
        drag(2.0)


def test_the_example_of_a_lesson_is_put_aside_and_comes_back(session):
    lessons, document = session.lessons, session.document
    other = msgspec.structs.replace(REGRESSION, name="09-lenet", preset="lenet-digits")
    assert lessons.holds_own_work  # what was there at first
    lessons.begin(REGRESSION)
    assert not lessons.holds_own_work
    example = document.project
    document.apply(SetRecipe({"epochs": 7}))
    lessons.begin(DESCENT)  # a page of the lab takes nothing away
    assert document.project.recipe.epochs == 7
    lessons.begin(other)
    assert document.name == "lenet-digits"
    assert not document.is_modified
    lessons.begin(REGRESSION)
    assert document.project.recipe.epochs == 7
    assert document.is_modified
    document.undo_stack.undo()
    assert document.project == example
    document.undo_stack.redo()
    lessons.begin(REGRESSION, anew=True)
    assert document.project == example
    assert not document.is_modified
    document.undo_stack.undo()
    assert document.project.recipe.epochs == 7


def test_what_has_a_file_or_was_begun_otherwise_is_the_learners_own(session, tmp_path):
    lessons, document = session.lessons, session.document
    lessons.begin(REGRESSION)
    document.save(tmp_path / "mine.playground")
    assert lessons.holds_own_work
    lessons.begin(REGRESSION)
    assert not lessons.holds_own_work
    document.new(Project(), "mine")
    assert lessons.holds_own_work
    lessons.begin(REGRESSION)
    lessons.close()
    assert lessons.holds_own_work


def test_settings_that_say_more_than_there_is_are_taken_for_all(session):
    session.settings.set("lessons/03-descent", 99)
    assert session.lessons.done(DESCENT) == 2
    session.settings.set("lessons/03-descent", "many")
    assert session.lessons.done(DESCENT) == 0


def test_an_example_is_opened_and_only_a_run_after_it_counts(session):
    session.training.start()
    frame(session, [1.0, 2.0, 4.0, 8.0])
    session.lessons.begin(REGRESSION)
    assert session.document.name == "linear-california"
    assert session.document.project.data.dataset == "california-housing"
    assert not session.document.is_modified
    frame(session, [16.0] * 4)
    assert session.lessons.done(REGRESSION) == 0
    frame(session, [], state="idle")
    session.training.start()
    frame(session, [1.0, 2.0, 4.0, 8.0])
    assert session.lessons.done(REGRESSION) == 1
    frame(session, [8.0], loss=0.7)
    assert session.lessons.done(REGRESSION) == 1
    frame(session, [8.0], loss=0.5)
    assert session.lessons.is_done(REGRESSION)


def test_a_loss_that_is_no_number_counts_as_one_that_rises(session):
    session.lessons.begin(REGRESSION)
    session.training.start()
    fault = Fault(where="x", what="it is no number", fix="less", kind=DIVERGED)
    frame(session, [1.0], state="failed", fault=fault)
    assert session.lessons.done(REGRESSION) == 1


def test_a_run_that_fails_of_something_else_does_not(session):
    session.lessons.begin(REGRESSION)
    session.training.start()
    frame(session, [1.0], state="failed", fault=Fault(where="x", what="no memory", fix="less", kind="memory"))
    assert session.lessons.done(REGRESSION) == 0


def slide(value: float, name: str = PAINTED_NAME) -> Slide:
    weight = Array("float32", (1, 1, 2), struct.pack("2f", value, -value))
    return Slide(0, weight, (Stage(Layer("Conv2d", name=name), 0, weight),))


def test_a_kernel_is_known_when_it_was_painted_after_the_lesson_began(session):
    def answer(question: Slide) -> None:
        session.sliding.asked = question
        session.sliding.changed.emit()

    answer(slide(2.0))
    session.lessons.begin(REGRESSION)
    assert session.lessons.known().kernel is None
    answer(slide(3.0, name=""))  # a layer of the network
    assert session.lessons.known().kernel is None
    answer(slide(2.0))  # "Paint" shows what was there before
    assert session.lessons.known().kernel is None
    answer(slide(3.0))
    assert session.lessons.known().kernel == ((3.0, -3.0),)
    answer(slide(2.0))  # painted anew
    assert session.lessons.known().kernel == ((2.0, -2.0),)


def test_start_again_counts_no_kernel_of_before(session):
    lesson = Lesson(
        "k", "K", "k", "k", (checks.KernelPainted(say="Paint."), checks.KernelPainted(say="0.", sum=0)),
        preset="lenet-digits",
    )  # fmt: skip

    def answer(question: Slide) -> None:
        session.sliding.asked = question
        session.sliding.changed.emit()

    def painted(first: float, second: float) -> Slide:
        weight = Array("float32", (1, 1, 2), struct.pack("2f", first, second))
        return Slide(0, weight, (Stage(Layer("Conv2d", name=PAINTED_NAME), 0, weight),))

    lessons = session.lessons
    lessons.begin(lesson)
    answer(painted(2.0, -2.0))
    assert lessons.is_done(lesson)
    lessons.forget(lesson)
    lessons.begin(lesson, anew=True)
    answer(slide(1.0, name=""))
    answer(painted(2.0, -2.0))
    assert lessons.done(lesson) == 0
    answer(painted(2.0, -2.14))
    assert lessons.done(lesson) == 1
    answer(painted(2.0, -2.0))
    assert lessons.done(lesson) == 2


def test_a_comparison_counts_when_it_is_whole_and_newer(session):
    comparison = session.comparison
    comparison.project, comparison.state = session.document.project, "done"
    session.lessons.begin(REGRESSION)
    assert session.lessons.known().measured is None
    comparison.project, comparison.state = session.document.project, "measuring"
    assert session.lessons.known().measured is None
    comparison.state = "done"
    assert session.lessons.known().measured is session.document.project
    assert session.lessons.known().begun == session.document.project


def test_without_a_lesson_nothing_is_looked_at(session, desk):
    session.lessons.begin(DESCENT)
    session.lessons.close()
    tell(session, desk, path("runs away"))
    assert session.lessons.current is None
    assert session.lessons.done(DESCENT) == 0


def test_files_are_read_beside_the_window_and_again_when_they_are_wanted(session, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "data", lambda: tmp_path)
    lessons = session.lessons
    with qtbot.waitSignal(lessons.loaded, timeout=10_000):
        lessons.load()
    assert lessons.faults == ()
    ours = len(lessons.all)
    assert lessons.find("slopes") is lessons.find("02-slopes") is lessons.all[1]
    assert lessons.find("slope") is None
    (tmp_path / "lessons").mkdir()
    Path(tmp_path / "lessons" / "mine.md").write_text("nothing")
    (tmp_path / "lessons" / "00-mine.md").write_text(Path("resources/lessons/02-slopes.md").read_text(encoding="utf-8"))
    with qtbot.waitSignal(lessons.loaded, timeout=10_000):
        lessons.load()
    assert len(lessons.all) == ours + 1
    assert [fault.where for fault in lessons.faults] == ["mine.md"]
    first, second = lessons.all[:2]
    assert lessons.beside(first, 1) is second
    assert lessons.beside(first, -1) is None
    assert lessons.beside(lessons.all[-1], 1) is None
    assert lessons.beside(DESCENT, 0) == lessons.find("03-descent")


def test_a_lesson_leaves_the_other_topics_as_they_were(session):
    session.lab.change(Tensors(lines=("a = torch.ones(1)",)), "type")
    session.lessons.begin(DESCENT)
    session.lab.choose("tensors")
    assert session.lab.page.state.lines == ("a = torch.ones(1)",)
    assert session.lab.page != default_page("tensors")


def test_the_project_counts_as_it_is_now(session):
    lesson = Lesson("n", "N", "n", "n", (checks.NetworkHas(say="Add.", layer="Dropout"),), preset="lenet-digits")
    session.lessons.begin(lesson)
    session.document.new(Project(network=(Layer("Dropout"),)), "other")
    assert session.lessons.is_done(lesson)
