"""Edits are checked, the newest wins, and a workbench that dies costs nothing."""

import psutil
import pytest

from playground.core.edit import InsertLayers, RemoveLayers, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Failed, LookAtSamples, Samples
from playground.session.session import Session


def test_the_first_project_is_checked_when_the_workbench_is_there(session, qtbot):
    with qtbot.waitSignals(
        [session.client.ready_changed, session.client.report_changed, session.client.datasets_changed], timeout=20_000
    ):
        session.start()
    assert session.client.ready
    assert session.client.checked is session.document.project
    assert [row.layer for row in session.client.report.rows] == ["Flatten", "Linear"]
    assert [device.name for device in session.client.devices] == ["cpu"]
    assert [dataset.name for dataset in session.client.datasets] == ["digits"]


def test_reports_are_of_the_project_as_it_is_and_the_newest_wins(make_session, qtbot):
    session = make_session()
    seen = []
    session.client.report_changed.connect(
        lambda report: seen.append(len(report.rows) == len(session.document.project.network))
    )
    for _edit in range(30):
        session.document.apply(InsertLayers((0,), (Layer("ReLU"),)))
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=20_000)
    assert len(session.client.report.rows) == 32
    assert all(seen)
    assert len(seen) < 30  # not one check an edit


def test_a_question_gets_its_own_answer(make_session, qtbot):
    session, answers = make_session(), []
    session.client.ask(lambda id: LookAtSamples(id, "{}"), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    assert isinstance(answers[0], (Samples, Failed))


def test_a_data_set_is_fetched_and_the_list_asked_for_again(make_session, qtbot):
    session = make_session()
    with qtbot.waitSignals([session.client.fetched, session.client.datasets_changed], timeout=20_000):
        session.client.fetch("MNIST")


def test_a_workbench_that_dies_is_started_again_and_asked_again(make_session, qtbot):
    session = make_session()
    qtbot.waitUntil(lambda: session.client.report is not None, timeout=20_000)
    first = session.client.pid
    said = []
    session.client.noticed.connect(lambda fault: said.append(str(fault)))
    with qtbot.waitSignal(session.client.report_changed, timeout=20_000):
        psutil.Process(first).kill()
    assert len(said) == 1
    assert "signal 9" in said[0]
    assert session.client.pid != first
    session.document.apply(RemoveLayers(((0,),)))
    qtbot.waitUntil(lambda: len(session.client.report.rows) == 1, timeout=20_000)


def test_questions_that_die_with_the_workbench_are_answered_with_the_fault(make_session, qtbot):
    session, answers = make_session("silence"), []
    qtbot.waitUntil(lambda: session.client.ready, timeout=20_000)
    session.client.ask(lambda id: LookAtSamples(id, "{}"), answers.append)
    psutil.Process(session.client.pid).kill()
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    assert isinstance(answers[0], Failed)
    assert "ended unexpectedly" in str(answers[0].fault)


def test_a_workbench_that_never_starts_is_said_once_and_edits_go_on(make_session, qtbot):
    session, said = make_session("crash", start=False), []
    session.client.noticed.connect(lambda fault: said.append(str(fault)))
    session.start()
    qtbot.waitUntil(lambda: any("in a row" in one and "Workbench" in one for one in said), timeout=20_000)
    session.document.apply(SetRecipe({"epochs": 3}))
    assert session.document.project.recipe.epochs == 3
    answers = []
    session.client.ask(lambda id: LookAtSamples(id, "{}"), answers.append)
    assert isinstance(answers[0], Failed)


@pytest.mark.parametrize("fault", ["garbage", "deaf"])
def test_a_session_with_a_bad_workbench_closes(make_session, qtbot, fault):
    session: Session = make_session(fault, start=False)
    with qtbot.waitSignal(session.client.ready_changed, timeout=20_000):
        session.start()
    session.close()
    assert session.client.pid is None
