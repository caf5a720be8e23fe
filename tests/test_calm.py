"""How many threads numpy's OpenBLAS has is told by threadpoolctl, which asks the library itself."""

import os
import subprocess
import sys
from multiprocessing.connection import Pipe

import psutil
import pytest

from playground.core.messages import decode_answer

LOOK = """
import os
from playground import calm
calm.load_numpy()
import numpy, threadpoolctl
print(os.environ.get("OPENBLAS_NUM_THREADS"), *(one["num_threads"] for one in threadpoolctl.threadpool_info()
      if one["internal_api"] == "openblas"))
"""


@pytest.mark.parametrize(("named", "told"), [(None, "None"), ("2", "2")])
def test_numpy_has_one_thread_and_children_inherit_nothing_of_it(named, told):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if named:
        environment["OPENBLAS_NUM_THREADS"] = named
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    kept, *threads = done.stdout.split()
    assert kept == told
    assert all((one == "1") == (named is None) for one in threads)  # none where numpy has another library, as on macOS


@pytest.mark.skipif(sys.platform == "win32", reason="this test starts its child with pass_fds, which is POSIX only")
def test_a_workbench_has_no_thread_but_its_own_and_the_one_that_reads_the_pipe():
    ours, theirs = Pipe()
    with theirs:
        handle = theirs.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "playground.engine", "workbench", str(handle)], pass_fds=[handle]
        )
    try:
        assert decode_answer(ours.recv_bytes()).id == 0  # it is ready, numpy and torch are loaded
        assert psutil.Process(process.pid).num_threads() == 2
    finally:
        ours.close()
        assert process.wait(10) == 0
