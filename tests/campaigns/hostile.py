"""Asks a workbench to compute lines that were made to break out of the lab's language, or to use the machine up.

    uv run python -m tests.campaigns.hostile [--seconds 300] [--seed 0] [--count 100000] [--verbose]

First the hostile lines of `hostile_lines.py`, each of which must be refused by a sentence that points at its column; then
lines made at random, for so many seconds. The workbench is a process of its own and is looked at from outside: it must
answer every question within the time that a line may take, live on, keep its memory, and open no file, no connection and
no process. Python's own audit hook in it tells of each that was tried; its open files, threads, children and folder are
looked at as well. Every line is a function of the seed and of its number.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import Popen, TimeoutExpired

import psutil

from playground.core import messages as words
from playground.core.lab.messages import ShowBench
from playground.core.lab.told import Bench, LineFault
from playground.core.lab.topics import LONGEST_LINE
from tests.campaigns.hostile_lines import LARGE, SETUP, fuzzed, hostile_lines

MOST_SECONDS = 1.0  # of the processor, for each line of a question
MOST_BYTES = 400_000_000  # above an idle workbench: the tensors of a page, twice, and what an operation needs
_LONGEST_WAIT_S = 60
# What no line may cause. "compile" and "import" are told by Python itself when it parses a line: no module may be new.
WATCHED = (
    "open", "socket.", "subprocess.", "os.", "shutil.", "ctypes.", "tempfile.", "urllib.", "import", "exec", "glob.",
    "pty.", "signal.", "webbrowser.", "sqlite3.", "ftplib.", "mmap.", "pickle.", "marshal.", "fcntl.", "builtins.input", "builtins.breakpoint",
)  # fmt: skip


def child(pipe: int) -> None:
    """A workbench whose every step outside is written down, with the seconds of each answer."""
    connection = Connection(pipe)
    import torch

    from playground.core.lab.words import WORDS
    from playground.engine.workbench import Workbench

    torch.set_num_threads(1)  # as a workbench does
    answers: list[bytes] = []
    workbench = Workbench(lambda answer: answers.append(words.encode(answer)))
    examples = [line for word in WORDS.values() for line in word.example.split("; ")]
    for begin in range(0, len(examples), 80):  # whatever PyTorch loads when it first needs it is loaded now
        some = examples[begin : begin + 80]
        workbench.answer(words.AskLab(0, ShowBench((*SETUP, "w = torch.ones(3, 3)", *some))))
        workbench.answer(words.AskLab(0, ShowBench((*SETUP, *(line.replace("(a", "(9999999, a") for line in some)))))
    done: list[str] = []
    listening = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event.startswith(WATCHED) and not _harmless(event, arguments):
            done.append(f"{event} {arguments!r:.300}")

    sys.addaudithook(hook)
    connection.send((os.getpid(), psutil.Process().memory_info().rss))
    while True:
        try:
            question = words.decode_question(connection.recv_bytes())
        except EOFError:
            return
        answers.clear()
        done.clear()
        began = time.process_time()
        listening = True
        workbench.answer(question)
        listening = False
        connection.send((answers[-1], time.process_time() - began, psutil.Process().memory_info().rss, tuple(done)))


def _harmless(event: str, arguments: tuple[object, ...]) -> bool:
    """Python tells of a module that is loaded already as well; that opens nothing."""
    return event == "import" and str(arguments[0]) in sys.modules


class Outside:
    """The workbench's process, and what can be seen of it from outside."""

    def __init__(self, folder: Path):
        ours, its = Pipe()
        environment = {**os.environ, "TORCH_PLAYGROUND_FOLDER": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = Popen(
            [sys.executable, "-m", "tests.campaigns.hostile", "--child", str(its.fileno())],
            pass_fds=(its.fileno(),), env=environment, cwd=folder,
        )  # fmt: skip
        its.close()
        self._connection, self._folder = ours, folder
        assert ours.poll(300), "the workbench did not start"
        pid, self._idle = ours.recv()
        self._seen = psutil.Process(pid)
        self._files = self._looked()
        self._number = 0

    def ask(self, lines: Sequence[str]) -> tuple[Bench | None, float, list[str]]:
        """What became of the lines, the seconds, and what must not be."""
        self._number += 1
        before = tuple(one for one in SETUP if one not in LARGE or any(LARGE[one] in line for line in lines))
        self._connection.send_bytes(words.encode(words.AskLab(self._number, ShowBench((*before, *lines)))))
        if not self._connection.poll(_LONGEST_WAIT_S):
            return None, _LONGEST_WAIT_S, ["no answer"]
        try:
            data, seconds, memory, events = self._connection.recv()
        except EOFError:
            return None, 0.0, [f"the workbench died: {self._process.wait(10)}"]
        faults = [f"it did {event}" for event in events]
        answer = words.decode_answer(data)
        if not isinstance(answer, words.LabTold) or not isinstance(answer.told, Bench):
            return None, seconds, [*faults, f"answered by {answer!r:.300}"]
        if seconds > MOST_SECONDS * len(lines):
            faults.append(f"{seconds:.2f} s of the processor")
        if memory - self._idle > MOST_BYTES:
            faults.append(f"{(memory - self._idle) / 1e6:.0f} MB more than before")
        return answer.told, seconds, faults

    def look(self) -> list[str]:
        """What is there now that was not there before the first line."""
        now = self._looked()
        return [f"new since the start: {one}" for one in sorted(now - self._files)]

    def _looked(self) -> set[str]:
        found = {f"file {one.path}" for one in self._seen.open_files()}
        found |= {f"connection {one.laddr}" for one in self._seen.net_connections()}
        found |= {f"process {one.pid}" for one in self._seen.children(recursive=True)}
        return found | {f"in its folder {one}" for one in self._folder.rglob("*")}

    def close(self) -> None:
        self._connection.close()
        try:
            self._process.wait(_LONGEST_WAIT_S)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()


def misplaced(line: str, fault: LineFault) -> list[str]:
    """What is wrong with how a refusal is told."""
    wrong = []
    if not fault.sentence.strip() or "Traceback" in fault.sentence or "\n" in fault.sentence:
        wrong.append(f"no sentence: {fault.sentence!r}")
    if not 0 <= fault.column < fault.end or fault.column > min(len(line), LONGEST_LINE):
        wrong.append(f"column {fault.column} to {fault.end} of {len(line)}")
    return wrong


def attempt(outside: Outside, line: str) -> tuple[LineFault | None, float, list[str]]:
    """One hostile line. Lines that no message may carry are refused before they reach the workbench."""
    try:
        words.encode(words.AskLab(0, ShowBench((line,))))
    except UnicodeEncodeError:
        return LineFault(sentence="no text"), 0.0, []
    if len(line) > LONGEST_LINE:
        try:
            words.decode_question(words.encode(words.AskLab(0, ShowBench((line,)))))
        except ValueError:
            return LineFault(sentence="too long for a message"), 0.0, []
    bench, seconds, faults = outside.ask([line])
    fault = bench.lines[-1].fault if bench is not None else None
    if fault is not None:
        faults += misplaced(line, fault)
    elif bench is not None:
        faults.append("it was not refused")
    return fault, seconds, faults


def fuzz(
    outside: Outside, seed: int, seconds: float, count: int
) -> Iterator[tuple[list[str], Bench | None, float, list[str]]]:
    """Random questions until the time is up."""
    from playground.core.lab.words import WORDS

    examples = [word.example for word in WORDS.values()]
    until = time.monotonic() + seconds
    for number in range(count):
        if time.monotonic() > until:
            return
        lines = [line[:LONGEST_LINE] for line in fuzzed(random.Random(f"{seed} {number}"), examples, list(WORDS))]
        lines = [line.encode("utf-8", "replace").decode() for line in lines]
        bench, taken, faults = outside.ask(lines)
        if bench is not None:
            for line, told in zip(lines, bench.lines[-len(lines) :], strict=True):
                faults += misplaced(line, told.fault) if told.fault is not None else []
        yield lines, bench, taken, faults


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=300)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--count", type=int, default=10**9)
    ask.add_argument("--verbose", action="store_true")
    ask.add_argument("--child", type=int, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.child is not None:
        child(asked.child)
        return 0
    bad, seen, slowest = 0, Counter[str](), (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        outside = Outside(Path(folder))
        for line in hostile_lines():
            fault, seconds, faults = attempt(outside, line)
            slowest = max(slowest, (seconds, line))
            seen["hostile"] += 1
            bad += _told(repr(line), faults)
            if asked.verbose:
                print(f"{line!r}: {fault.sentence if fault else faults}", flush=True)
        for lines, bench, seconds, faults in fuzz(outside, asked.seed, asked.seconds, asked.count):
            slowest = max(slowest, (seconds, repr(lines)))
            for told in bench.lines[-len(lines) :] if bench is not None else ():
                seen["refused" if told.fault is not None else "computed"] += 1
            bad += _told(repr(lines), faults)
            if bench is None:
                print("another workbench is started", flush=True)
                outside.close()
                outside = Outside(Path(folder))
        bad += _told("afterwards", outside.look())
        outside.close()
    print(f"{dict(seen)}, seed {asked.seed}, {bad} bad; slowest {slowest[0]:.2f} s: {slowest[1]:.300}")
    return min(bad, 1)


def _told(what: str, faults: Sequence[str]) -> int:
    for fault in faults:
        print(f"BAD  {what}: {fault}", flush=True)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
