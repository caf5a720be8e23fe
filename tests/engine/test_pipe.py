"""The engine's end of the pipe, in a process of its own: it ends that process."""

import subprocess
import sys
from multiprocessing.connection import Connection, Pipe

import pytest

from playground.core.messages import ListDevices, Ready, decode_answer, encode

CHILD = """
import sys, time
from playground.core.messages import Ready, decode_question
from playground.engine.pipe import Inbox, open_pipe
inbox = Inbox(open_pipe(sys.argv[1]), decode_question)
question = inbox.messages.get()
inbox.send(Ready(question.id, {"heard": type(question).__name__}))
time.sleep(60)  # busy with something else, for longer than any test waits
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="this test starts its child with pass_fds, which subprocess has on POSIX only"
)


@pytest.fixture
def child():
    ours, theirs = Pipe()
    handle = theirs.fileno()
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(handle)], pass_fds=(handle,), stderr=subprocess.PIPE, text=True
    )
    theirs.close()
    yield ours, process
    ours.close()
    process.kill()
    process.communicate()


def heard(ours: Connection) -> None:
    ours.send_bytes(encode(ListDevices(7)))
    assert ours.poll(30)
    assert decode_answer(ours.recv_bytes()) == Ready(7, {"heard": "ListDevices"})


def test_a_busy_process_ends_in_order_when_the_window_is_gone(child):
    ours, process = child
    heard(ours)
    ours.close()
    assert process.wait(10) == 0


def test_a_process_whose_window_is_gone_at_once_does_not_wait_for_it(child):
    ours, process = child
    ours.close()
    assert process.wait(30) == 0


@pytest.mark.parametrize("garbage", [b"\xc1", b"", encode(Ready(1, {}))], ids=["no msgpack", "nothing", "an answer"])
def test_garbage_ends_the_process_rather_than_leave_it_deaf(child, garbage):
    ours, process = child
    heard(ours)
    ours.send_bytes(garbage)
    assert process.wait(10) == 1
    assert "something unreadable" in process.stderr.read()


def test_an_answer_that_nobody_takes_any_more_ends_the_process(child):
    ours, process = child
    ours.send_bytes(encode(ListDevices(7)))
    ours.close()
    assert process.wait(30) == 0
