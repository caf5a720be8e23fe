"""An engine that speaks the protocol and trains nothing, for what a real one does only on a bad day.

    python fake_engine.py [FAULT ...] workbench|runner|comparer FD

FAULT: crash (dies at once), die-on-start (killed by signal 9 when a run starts and has a checkpoint), garbage (says
something unreadable to the first question or pull), silence (answers nothing), deaf (ignores the closed pipe),
half (compares half of the devices, then waits), refuse (compares none).
"""

import os
import signal
import struct
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from playground.core import messages
from playground.core.code import STYLES, Script, Span
from playground.core.comparison import Comparison, Contender, Timing
from playground.core.messages import Array, Frame, Ready, RunFacts
from playground.core.problem import Fault
from playground.core.project import Project, read_project
from playground.core.report import Report, Row

STEPS = 40


def main(faults: list[str], kind: str, connection: Connection) -> None:
    if "crash" in faults:
        os._exit(3)
    connection.send_bytes(messages.encode(Ready(0, {"python": "3"})))
    try:
        rooms = {"workbench": workbench, "runner": Runner(faults).serve, "comparer": comparer}
        rooms[kind](connection, faults)
    except (EOFError, OSError):
        if "deaf" in faults:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)


def workbench(connection: Connection, faults: list[str]) -> None:
    while True:
        question = messages.decode_question(connection.recv_bytes())
        if "garbage" in faults:
            connection.send_bytes(b"\xc1nonsense")
        if "silence" in faults:
            continue
        connection.send_bytes(messages.encode(answer(question)))


def comparer(connection: Connection, faults: list[str]) -> None:
    question = messages.decode_question(connection.recv_bytes())
    contenders = tuple(Contender("cpu", n, f"CPU {n}", f"CPU {n}") for n in (1, 2))
    if "refuse" in faults:
        fault = messages.Fault(where="x", what="it does not fit", fix="none")
        connection.send_bytes(messages.encode(messages.Failed(question.id, fault)))
    timings = tuple(Timing(number, 1.0, 2, 1e-3 / (number + 1)) for number in range(2))
    for done in () if "refuse" in faults else (1,) if "half" in faults else (1, 2):
        found = Comparison(contenders, timings[:done], 2)
        connection.send_bytes(messages.encode(messages.Compared(question.id, found, done, 2)))
    if "die" in faults:
        os.kill(os.getpid(), signal.SIGKILL)
    connection.recv_bytes()  # until it is told to end


def answer(question):
    match question:
        case messages.CheckProject(id, text):
            layers = read_project(text, "project").network
            rows = tuple(
                Row(index=n + 1, path=(n,), layer=layer.layer, arguments=layer.arguments, tensors=tensors_of(layer))
                for n, layer in enumerate(layers)
            )
            return messages.Checked(id, Report(input_shape=(1, 8, 8), rows=rows))
        case messages.Preview(id, _text, watches):
            return messages.Previewed(
                id, tuple(messages.Picture(watch, 0, facts={"preview": True}) for watch in watches)
            )
        case messages.WriteCode(id, text, style):
            return write_code(id, read_project(text, "project"), style)
        case messages.ListDevices(id):
            return messages.Devices(id, (messages.Device("cpu", "CPU"),))
        case messages.ListDatasets(id):
            return messages.Datasets(id, (messages.DatasetState("digits", True, "here"),))
        case messages.FetchDataset(id, name):
            return messages.Fetched(id, name)
    return messages.Failed(question.id, messages.Fault(where="x", what="unknown", fix="none"))


def tensors_of(layer) -> tuple[tuple[int, ...], ...]:
    """A layer that is told how much to give has as many weights."""
    return tuple((layer.arguments[name],) for name in ("out_features", "out_channels") if name in layer.arguments)


MISFIT = Fault(where="Linear", what="it expects 1 value", fix="Set in_features to auto")
REFUSAL = "A convolution is not written from scratch."


def write_code(id, project: Project, style: str):
    """A script with a line a layer, and one more where it is used in the style "class".

    A Linear with one pinned feature does not fit; from scratch there are no convolutions.
    """
    network = project.network
    if any(layer.arguments.get("in_features") == 1 for layer in network):
        return messages.Failed(id, MISFIT)
    refused = {"scratch": REFUSAL} if any(layer.layer == "Conv2d" for layer in network) else {}
    if style in refused:
        return messages.Failed(id, Fault(where=STYLES[style], what=REFUSAL, fix="Choose another style"))
    return messages.CodeWritten(id, script_of(project, style, refused))


def script_of(project: Project, style: str = "sequential", refused: dict[str, str] = {}) -> Script:  # noqa: B006
    lines = ['"""A network,', 'written by nobody."""', "import torch", "from torch import nn", ""]
    spans, layers = [], list(enumerate(project.network))

    def write(number: int, line: str) -> None:
        lines.append(line)
        spans.append(Span((number,), len(lines), len(lines)))

    def made(layer) -> str:
        return f"nn.{layer.layer}({', '.join(f'{key}={value!r}' for key, value in layer.arguments.items())})"

    if style == "class":
        lines += ["", "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
        for number, layer in layers:
            write(number, f"        self.layer_{number} = {made(layer)}")
        lines += ["", "    def forward(self, x):"]
        for number, _layer in layers:
            write(number, f"        x = self.layer_{number}(x)")
        lines += ["        return x", "", ""]
    else:
        lines.append(f"model = nn.Sequential(  # {style}")
        for number, layer in layers:
            write(number, f"    {made(layer)},")
        lines.append(")")
    lines += [f"learning_rate = {project.recipe.optimizer_arguments.get('lr', 0.01)}", "for epoch in range(10):"]
    lines += [f"    print('step', {step})" for step in range(60)]
    return Script("\n".join(lines) + "\n", style, tuple(spans), refused)


class Runner:
    """Counts to STEPS, a few steps a frame; the loss of step n is 1/(n + 1)."""

    def __init__(self, faults: list[str]):
        self.faults, self.state, self.step, self.told, self.folder = faults, "idle", 0, 0, ""

    def serve(self, connection: Connection, faults: list[str]) -> None:
        while True:
            command = messages.decode_command(connection.recv_bytes())
            if "silence" in faults:
                continue
            match command:
                case messages.Start(folder=folder, resume=resume, look=look, paused=paused, fork_step=fork_step):
                    self.step = self.told = 10 if resume else 0
                    self.step = fork_step or self.step  # a fork tells its parent's losses, too
                    self.state, self.folder = "idle" if look else "paused" if paused else "running", folder
                case messages.Pull(watches):
                    if "garbage" in faults:
                        connection.send_bytes(b"\xc1nonsense")
                    connection.send_bytes(messages.encode(self.frame(watches)))
                case messages.Pause():
                    self.state = "paused"
                case messages.Resume():
                    self.state = "running"
                case messages.StepOnce():
                    self.step += 1
                case messages.Stop():
                    self.state = "idle"
            if "die-on-start" in faults and self.step >= 15 and not Path(self.folder, "died").exists():
                Path(self.folder, "died").touch()
                Path(self.folder, "checkpoints", "step-000000000010.pt").touch()
                os.kill(os.getpid(), signal.SIGKILL)

    def frame(self, watches) -> Frame:
        if self.state == "running":
            self.step = min(STEPS, self.step + 5)
            time.sleep(0.002)
        first, self.told = self.told, self.step
        losses = [1 / (n + 1) for n in range(first, self.step)]
        if self.step == STEPS and self.state == "running":
            self.state = "finished"
        return Frame(
            state=self.state,
            step=self.step,
            first_step=first,
            losses=Array("float32", (len(losses),), struct.pack(f"{len(losses)}f", *losses)),
            pictures=tuple(messages.Picture(watch, self.step) for watch in watches if watch.probe != "slopes"),
            facts=RunFacts("cpu", 1, "contiguous", 100, 20, 10, 4),
        )


if __name__ == "__main__":
    *some, which, descriptor = sys.argv[1:]
    main(some, which, Connection(int(descriptor)))
