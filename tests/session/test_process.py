"""A process is started, watched and ended; nothing that it does on a bad day holds up the window."""

import subprocess
import sys

import psutil
import pytest

from playground.core.messages import CheckProject, Pull, Ready, decode_answer, decode_frame
from playground.core.project import write_project
from playground.session.process import EngineThread, KeptEngine, ended, ending_in_words
from tests.session.conftest import FAKE, SMALL


@pytest.fixture
def make_thread(qapp):
    made = []

    def make(kind: str = "workbench", *faults: str, engine=None) -> EngineThread:
        decode = decode_answer if kind == "workbench" else decode_frame
        made.append(EngineThread(kind, decode, engine or (FAKE, *faults)))
        return made[-1]

    yield make
    for thread in made:
        thread.close()
        thread.wait()


def started(thread, qtbot) -> None:
    with qtbot.waitSignal(thread.received, timeout=20_000) as blocker:
        thread.start()
    assert isinstance(blocker.args[0], Ready)


def test_what_is_sent_before_the_process_is_there_is_answered(make_thread, qtbot):
    thread, said = make_thread(), []
    thread.received.connect(said.append)
    thread.send(CheckProject(5, write_project(SMALL)))
    thread.start()
    qtbot.waitUntil(lambda: len(said) == 2, timeout=20_000)
    assert isinstance(said[0], Ready)
    assert said[1].id == 5
    assert [row.layer for row in said[1].report.rows] == ["Flatten", "Linear"]


def test_closing_ends_thread_and_process(make_thread, qtbot):
    thread = make_thread()
    started(thread, qtbot)
    process = psutil.Process(thread.pid)
    with qtbot.waitSignal(thread.ended, timeout=20_000) as blocker:
        thread.close()
    assert blocker.args[0].asked
    assert blocker.args[0].code == 0
    assert not process.is_running()


def test_a_process_that_does_not_listen_is_made_to_end(make_thread, qtbot):
    thread = make_thread("workbench", "deaf")
    started(thread, qtbot)
    process = psutil.Process(thread.pid)
    with qtbot.waitSignal(thread.ended, timeout=20_000):
        thread.close()
    assert not process.is_running()


def test_a_killed_process_is_noticed_and_its_signal_named(make_thread, qtbot):
    thread = make_thread()
    started(thread, qtbot)
    with qtbot.waitSignal(thread.ended, timeout=1_000) as blocker:
        psutil.Process(thread.pid).kill()
    ending = blocker.args[0]
    assert not ending.asked
    assert ending.code == -9
    assert ending.reason == "signal 9, SIGKILL"


def test_garbage_ends_the_process_with_a_reason(make_thread, qtbot, caplog):
    thread = make_thread("runner", "garbage")
    started(thread, qtbot)
    with qtbot.waitSignal(thread.ended, timeout=20_000) as blocker:
        thread.send(Pull())
    assert "unreadable" in blocker.args[0].reason
    assert "unreadable" in caplog.text


def test_a_silent_process_can_be_killed(make_thread, qtbot):
    thread = make_thread("workbench", "silence")
    started(thread, qtbot)
    with qtbot.waitSignal(thread.ended, timeout=20_000):
        thread.kill()
    assert not psutil.pid_exists(thread.pid)


def test_thousands_of_orders_to_a_silent_process_do_not_hold_up_the_sender(make_thread, qtbot):
    thread = make_thread("workbench", "silence")
    started(thread, qtbot)
    for number in range(20_000):
        thread.send(CheckProject(number, "x" * 1_000))
    with qtbot.waitSignal(thread.ended, timeout=20_000):
        thread.kill()


def test_a_program_that_is_not_there_is_an_ending(make_thread, qtbot):
    thread = make_thread(engine=("-m", "playground.no_such_engine"))
    with qtbot.waitSignal(thread.ended, timeout=20_000) as blocker:
        thread.start()
    assert blocker.args[0].code == 1


def test_a_process_that_dies_at_every_start_is_tried_three_times_and_then_on_demand(qtbot, qapp):
    kept = KeptEngine(lambda: EngineThread("workbench", decode_answer, (FAKE, "crash")))
    starts = []
    kept.started.connect(lambda: starts.append(1))
    with qtbot.waitSignal(kept.gave_up, timeout=20_000) as blocker:
        kept.start()
    assert blocker.args[0].reason == "exit code 3"
    assert len(starts) == KeptEngine.TOO_OFTEN
    assert not kept.is_there
    with qtbot.waitSignal(kept.gave_up, timeout=20_000):
        kept.start()
    assert len(starts) == 2 * KeptEngine.TOO_OFTEN
    kept.close()
    kept.wait_closed()


def test_a_process_that_died_is_followed_by_another(qtbot, qapp):
    kept = KeptEngine(lambda: EngineThread("workbench", decode_answer, (FAKE,)))
    with qtbot.waitSignal(kept.received, timeout=20_000):
        kept.start()
    first = kept.pid
    with qtbot.waitSignals([kept.died, kept.received], timeout=20_000):
        psutil.Process(first).kill()
    assert kept.pid not in (first, None)
    kept.close()
    kept.wait_closed()


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (-11, "signal 11, SIGSEGV"), (-63, "signal 63"), (None, "it does not end")]
)
def test_endings_in_words(code, words):
    assert ending_in_words(code) == words


@pytest.mark.skipif(
    sys.platform == "win32", reason="its child ignores SIGTERM, and Windows has no signal that a child could ignore"
)
def test_a_child_that_ignores_sigterm_is_killed():
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", ignore], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert ended(child, 0.0) == -9
