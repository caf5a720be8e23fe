"""The lab's document: pages are undone, opened and saved, and of the questions about one the newest wins."""

from pathlib import Path
from typing import Any

import pytest

from playground.core.lab.messages import AskLab, LabTold, ShowBench, ShowPage, ShowPair, TryLines
from playground.core.lab.page import LabPage, default_page
from playground.core.lab.told import Bench
from playground.core.lab.topics import Slopes, Tensors
from playground.core.messages import Failed
from playground.core.problem import Fault, Problem
from playground.disk import lab_pages
from playground.session.lab import Lab, kind_of

FIRST, SECOND = Tensors(lines=("a = torch.ones(2)",)), Tensors(lines=("a = torch.ones(3)",))
NOTHING = Bench((), ())


class Desk:
    """A workbench that answers when a test says so. asked: what it was asked"""

    def __init__(self, lab: Lab) -> None:
        self.asked: list[Any] = []
        self._open: list[Any] = []
        lab._client.ask = self._ask

    def _ask(self, make: Any, on_answer: Any) -> None:
        question = make(len(self.asked) + 1)
        assert isinstance(question, AskLab)
        self.asked.append(question.ask)
        self._open.append((question.id, on_answer))

    def answer(self, told: Any = NOTHING) -> None:
        """The oldest question."""
        id, on_answer = self._open.pop(0)
        on_answer(Failed(id, told) if isinstance(told, Fault) else LabTold(id, told))


@pytest.fixture
def lab(session) -> Lab:
    return session.lab


@pytest.fixture
def desk(lab) -> Desk:
    return Desk(lab)


def test_a_change_is_one_step_of_undo_and_runs_the_page(lab):
    assert not lab.is_running
    lab.change(FIRST, "type")
    assert lab.page.state == FIRST
    assert lab.is_running
    lab.undo_stack.undo()
    assert lab.page == default_page("tensors")
    lab.undo_stack.redo()
    assert lab.page.state == FIRST


def test_a_change_that_changes_nothing_is_no_step(lab):
    lab.change(lab.page.state, "nothing")
    assert lab.undo_stack.count() == 0
    assert lab.is_running


def test_turns_of_one_knob_are_one_step(lab):
    for x in (1.0, 1.5, 2.0):
        lab.change(Slopes(x=x), "drag", "x")
    assert lab.undo_stack.count() == 1
    lab.undo_stack.undo()
    assert lab.page == default_page("tensors")


def test_looking_is_no_step_and_is_not_lost_by_undo(lab):
    lab.change(FIRST, "type")
    lab.look(Tensors(lines=FIRST.lines, shown="a"))
    lab.change(Tensors(lines=SECOND.lines, shown="a"), "type more")
    lab.undo_stack.undo()
    assert lab.page.state == Tensors(lines=FIRST.lines, shown="a")
    assert lab.undo_stack.count() == 2


def test_another_topic_is_a_step_and_the_page_before_is_found_again(lab):
    lab.change(FIRST, "type")
    lab.choose("slopes")
    assert lab.page == default_page("slopes")
    lab.choose("tensors")
    assert lab.page.state == FIRST
    lab.undo_stack.undo()
    assert lab.page.topic == "slopes"


def test_what_is_opened_does_not_run_until_somebody_wants_it(lab, tmp_path, qtbot):
    lab.change(SECOND, "type")
    file = tmp_path / "one.playground-lab"
    lab_pages.save(LabPage(FIRST), file)
    with qtbot.waitSignal(lab.page_changed, timeout=10_000):
        lab.open_later(file)
    assert (lab.page.state, lab.path, lab.name) == (FIRST, file, "one")
    assert not lab.is_running
    assert not lab.is_modified
    with qtbot.waitSignal(lab.run_wanted, timeout=1_000):
        lab.run()
    lab.undo_stack.undo()  # nothing that was typed is lost
    assert lab.page.state == SECOND


def test_a_saved_page_is_read_back_and_counts_as_saved(lab, tmp_path, qtbot):
    file = tmp_path / "mine.playground-lab"
    lab.change(FIRST, "type")
    assert lab.is_modified
    with qtbot.waitSignal(lab.saved, timeout=10_000):
        lab.save_later(file)
    assert lab_pages.read_file(file).state == FIRST
    assert (lab.is_modified, lab.path) == (False, file)
    lab.change(SECOND, "type")
    assert lab.is_modified


def test_what_was_not_saved_is_found_by_the_next_session_and_waits_to_be_run(
    make_session, monkeypatch, tmp_path, qtbot
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first = make_session(start=False)
    first.lab.change(FIRST, "type")
    first.close()
    second = make_session(start=False)
    with qtbot.waitSignal(second.lab.page_changed, timeout=10_000):
        second.lab.recall()
    assert second.lab.page.state == FIRST
    assert (second.lab.is_running, second.lab.is_modified) == (False, True)
    second.lab.new("tensors")
    second.close()
    assert lab_pages.kept() == {}


def test_a_program_that_is_killed_has_lost_no_more_than_the_last_moments(make_session, monkeypatch, tmp_path, qtbot):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("playground.session.lab.KEEP_AFTER_MS", 20)
    lab = make_session(start=False).lab
    lab.change(FIRST, "type")
    qtbot.waitUntil(lambda: lab_pages.kept() == {"tensors": LabPage(FIRST)}, timeout=10_000)
    lab.undo_stack.undo()  # nothing is unsaved any more
    qtbot.waitUntil(lambda: lab_pages.kept() == {}, timeout=10_000)


def test_a_page_that_explains_or_a_lesson_throws_no_unsaved_page_away(make_session, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first = make_session(start=False)
    first.lab.change(FIRST, "type")
    first.lab.explain("tensors", SECOND)
    first.close()
    assert lab_pages.kept() == {"tensors": LabPage(FIRST)}
    second = make_session(start=False)
    second.lab.change(FIRST, "type")
    second.lab.begin(LabPage(SECOND), "lesson", run=True)
    newest = Tensors(lines=("b = torch.zeros(2)",))
    second.lab.change(newest, "go on with it")
    second.close()
    assert lab_pages.kept() == {"tensors": LabPage(newest)}


def test_a_topic_that_is_begun_before_leaves_what_is_kept_of_it(make_session, monkeypatch, tmp_path, qtbot):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    kept = {"tensors": LabPage(SECOND), "slopes": LabPage(Slopes(x=7.0))}
    lab_pages.keep(kept)
    session = make_session(start=False)
    session.lab.choose("slopes")
    session.lab.recall()
    qtbot.waitUntil(lambda: "tensors" in session.lab._recalled, timeout=10_000)
    assert session.lab.page == default_page("slopes")
    session.lab.choose("tensors")
    assert session.lab.page == kept["tensors"]
    session.close()
    assert lab_pages.kept() == {"slopes": kept["slopes"], "tensors": kept["tensors"]}


def test_a_lab_that_nobody_looked_into_leaves_the_kept_page_alone(make_session, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    lab_pages.keep({"tensors": LabPage(SECOND)})
    make_session(start=False).close()
    assert lab_pages.kept() == {"tensors": LabPage(SECOND)}
    lab_pages.unsaved("tensors").write_text("{")  # a broken one costs only itself
    assert lab_pages.kept() == {}


def test_a_page_without_a_file_cannot_be_saved_under_its_name(lab):
    with pytest.raises(Problem, match="no file yet"):
        lab.save_later()


def test_a_file_that_is_no_page_is_told_and_nothing_is_changed(lab, tmp_path, qtbot):
    file = tmp_path / "x.playground-lab"
    file.write_text("{}")
    before = lab.page
    with qtbot.waitSignal(lab.failed, timeout=10_000) as blocker:
        lab.open_later(Path(file))
    assert "not a page of the lab" in blocker.args[0].what
    assert lab.page is before


def test_of_the_questions_of_one_kind_the_newest_is_asked_next(lab, desk):
    told = []
    for number in range(4):
        lab.ask(ShowBench((f"{number}",)), lambda _answer, number=number: told.append(number))
    assert [one.lines for one in desk.asked] == [("0",)]
    desk.answer()
    assert [one.lines for one in desk.asked] == [("0",), ("3",)]
    desk.answer()
    assert told == [0, 3]
    assert len(desk.asked) == 2


def test_other_kinds_do_not_wait_for_each_other(lab, desk):
    lab.ask(ShowBench(()), lambda _told: None)
    lab.ask(ShowPair((), "a", "b", "kinds"), lambda _told: None)
    lab.ask(ShowBench(()), lambda _told: None, "pair")
    assert len(desk.asked) == 3


def test_an_answer_about_a_page_that_is_gone_is_dropped(lab, desk):
    told = []
    lab.ask(ShowBench(()), told.append)
    lab.choose("slopes")
    desk.answer()
    assert told == []


def test_a_question_that_fails_is_told_as_a_fault(lab, desk):
    told = []
    fault = Fault(where="x", what="y", fix="z")
    lab.ask(ShowBench(()), told.append)
    desk.answer(fault)
    assert told == [fault]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (ShowBench(()), "bench"),
        (ShowPair((), "a", "b", "ways out"), "ways out"),
        (ShowPage(slopes=Slopes()), "slopes"),
        (TryLines((), ("a = 1",)), "trials"),
    ],
)
def test_the_kind_of_a_question_is_what_it_asks_for(question, kind):
    assert kind_of(question) == kind
