"""An engine process as the window starts it."""

import os
import signal
import subprocess
import sys
from multiprocessing.connection import Pipe

import pytest

from playground.core.messages import decode_answer


@pytest.mark.skipif(sys.platform == "win32", reason="this test starts its child with pass_fds, which is POSIX only")
def test_a_process_that_a_library_crashes_says_where(tmp_path):
    ours, theirs = Pipe()
    log = tmp_path / "engine.log"
    with theirs, log.open("wb") as stream:
        handle = theirs.fileno()
        words = [sys.executable, "-m", "playground.engine", "workbench", str(handle)]
        process = subprocess.Popen(words, pass_fds=[handle], stderr=stream)
    try:
        assert decode_answer(ours.recv_bytes()).id == 0  # it is ready
        os.kill(process.pid, signal.SIGSEGV)  # as the system does where a library reads what is not there
        assert process.wait(30) == -signal.SIGSEGV
    finally:
        process.kill()
        ours.close()
    said = log.read_text()
    assert "Segmentation fault" in said
    assert "playground/engine/__main__.py" in said
