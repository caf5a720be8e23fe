"""The comparison's process: started by hand, ended by itself, by a person, by a run, by its death."""

import psutil

from playground.core.edit import SetData
from playground.core.messages import Failed
from playground.session.process import ENGINE
from playground.session.session import Session


def ended(session: Session) -> bool:
    return session.comparison._thread is None


def test_what_the_process_tells_is_there_and_the_process_is_gone(make_session, qtbot):
    comparison = (session := make_session(start=False)).comparison
    assert (comparison.state, comparison.found, comparison.is_current) == ("idle", None, False)
    comparison.start()
    assert comparison.state == "measuring"
    qtbot.waitUntil(lambda: comparison.state == "done", timeout=20_000)
    assert (comparison.done, comparison.total, len(comparison.found.timings)) == (2, 2, 2)
    assert comparison.is_current
    qtbot.waitUntil(lambda: ended(session), timeout=5_000)
    session.document.apply(SetData({"batch_size": 7}))
    assert not comparison.is_current


def test_cancel_ends_the_process_and_keeps_what_was_found(make_session, qtbot):
    comparison = (session := make_session("half", start=False)).comparison
    comparison.start()
    qtbot.waitUntil(lambda: comparison.done == 1, timeout=20_000)
    process = psutil.Process(comparison._thread.pid)
    comparison.cancel()
    assert comparison.state == "cancelled"
    qtbot.waitUntil(lambda: ended(session), timeout=5_000)
    assert not process.is_running()
    assert len(comparison.found.timings) == 1
    assert comparison.fault is None
    comparison.start()  # once more
    qtbot.waitUntil(lambda: comparison.done == 1, timeout=20_000)


def test_a_second_start_while_it_measures_is_none(make_session, qtbot):
    comparison = make_session("half", start=False).comparison
    comparison.start()
    thread = comparison._thread
    assert not comparison.can_start
    comparison.start()
    assert comparison._thread is thread


def test_while_a_run_is_active_it_does_not_start_and_a_run_that_begins_ends_it(make_session, qtbot):
    session = make_session("half", start=False)
    comparison = session.comparison
    comparison.start()
    qtbot.waitUntil(lambda: comparison.done == 1, timeout=20_000)
    session.training._set_state("preparing")
    assert comparison.state == "cancelled"
    qtbot.waitUntil(lambda: ended(session), timeout=5_000)
    comparison.start()
    assert ended(session)
    assert "wait for its end" in comparison.refusal
    session.training._set_state("idle")
    assert comparison.refusal == ""


def test_a_process_that_dies_is_a_fault(make_session, qtbot):
    comparison = (session := make_session("half", "die", start=False)).comparison
    comparison.start()
    qtbot.waitUntil(lambda: comparison.state == "failed", timeout=20_000)
    assert "SIGKILL" in comparison.fault.what
    assert ended(session)


def test_a_project_that_cannot_be_measured_says_why(make_session, qtbot):
    comparison = make_session("refuse", start=False).comparison
    comparison.start()
    qtbot.waitUntil(lambda: comparison.state == "failed", timeout=20_000)
    assert comparison.fault.what == "it does not fit"
    comparison._on_answer(Failed(1, comparison.fault))  # late news change nothing
    assert comparison.state == "failed"


def test_closing_the_session_ends_it(make_session, qtbot):
    session = make_session("half", start=False)
    session.comparison.start()
    qtbot.waitUntil(lambda: session.comparison.done == 1, timeout=20_000)
    process = psutil.Process(session.comparison._thread.pid)
    session.close()
    assert not process.is_running()


def test_the_real_engine_measures_a_small_network(make_session, qtbot):
    session = make_session(engine=ENGINE, start=False)
    session.comparison.start(seconds=1.0)
    qtbot.waitUntil(lambda: session.comparison.state in ("done", "failed"), timeout=90_000)  # it imports torch
    assert session.comparison.fault is None
    found = session.comparison.found
    assert len(found.timings) == session.comparison.total
    assert {one.batch for one in found.timings} >= {1, 1024}
    assert found.timings[0].seconds > 0
    assert found.contenders[0].device == "cpu"
