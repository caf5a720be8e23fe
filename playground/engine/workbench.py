"""The workbench: a process that answers the window's questions at once. It trains nothing and stays small."""

import contextlib
import logging
import math
import threading
from typing import Any

import psutil
import torch

from playground.core import messages as words
from playground.core.problem import Fault, Problem
from playground.core.project import Project, read_project
from playground.core.report import Report
from playground.core.text import _
from playground.disk import folders
from playground.engine import fetch, losses, probes
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.devices import list_devices
from playground.engine.loader import Prepared, prepare, spec_of, states
from playground.engine.pipe import Inbox
from playground.engine.probes import array
from playground.engine.versions import versions

_log = logging.getLogger(__name__)

# What one preview may cost, about a second: every edit asks for one, and the next check waits behind it.
MOST_PARAMETERS = 50_000_000
MOST_VALUES = 50_000_000  # that the layers give for one sample
MOST_PRODUCTS = 5_000_000_000  # in one forward pass


def run(inbox: Inbox) -> None:
    """Answer questions until the pipe closes."""
    torch.set_num_threads(1)
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 5)
    inbox.send(words.Ready(0, versions()))
    workbench = Workbench(inbox.send)
    while True:
        workbench.answer(inbox.messages.get())


class Workbench:
    """Answers each question once, by `send`. Downloads run in threads of their own."""

    def __init__(self, send: Any):
        self._send = send
        self._samples: tuple[Any, Prepared] | None = None  # of the newest (data, seed)
        self._fetches: dict[str, threading.Event] = {}

    def answer(self, question: words.Question) -> None:
        """Answer a question. Whatever goes wrong is the answer, and the workbench lives on."""
        try:
            answer = self._answer(question)
        except Problem as problem:
            answer = words.Failed(question.id, problem.fault)
        except Exception:  # a bug must cost its question, not the process
            _log.exception("%s", type(question).__name__)
            answer = words.Failed(question.id, bug(_("Workbench")))
        if answer is not None:
            self._send(answer)

    def _answer(self, question: words.Question) -> words.Answer | None:
        match question:
            case words.CheckProject(id, text):
                return words.Checked(id, check(_project(text)))
            case words.Preview(id, text, watches):
                return words.Previewed(id, self._pictures(_project(text), watches))
            case words.LookAtSamples(id, text, first, count):
                return self._look(id, _project(text), first, count)
            case words.ListDevices(id):
                return words.Devices(id, list_devices())
            case words.ListDatasets(id):
                return words.Datasets(id, states())
            case words.FetchDataset(id, name):
                return self._fetch(id, name)
            case words.CancelFetch(id, name):
                if name in self._fetches:
                    self._fetches[name].set()
                return words.Datasets(id, states())

    def _prepared(self, project: Project) -> Prepared:
        key = (project.data, project.recipe.seed)
        if self._samples is None or self._samples[0] != key:
            self._samples = None  # the old set makes room first
            self._samples = (key, prepare(project.data, project.recipe.seed))
        return self._samples[1]

    def _pictures(self, project: Project, watches: tuple[words.Watch, ...]) -> tuple[words.Picture, ...]:
        """What the untrained network, as a run of this seed would start it, makes of the samples."""
        _refuse_what_is_too_large(check(project))
        data = self._prepared(project)
        model = build_network(project.network, data.input_shape, seed=project.recipe.seed)
        loss = losses.make(project.recipe.loss, data.task, len(data.classes))
        context = probes.ProbeContext(model, project.network, data, loss=loss)
        return tuple(probes.read(watch, context) for watch in watches)

    def _look(self, id: int, project: Project, first: int, count: int) -> words.Samples:
        data = self._prepared(project)
        chosen = slice(max(0, first), max(0, first) + max(0, count))
        inputs, targets = data.test_inputs[chosen], data.test_targets[chosen]
        return words.Samples(id, array(inputs), array(targets), len(data.test_inputs))

    def _fetch(self, id: int, name: str) -> words.Answer | None:
        spec_of(name)
        if name in self._fetches:
            raise Problem(
                where=name, what=_("it is being downloaded already"), fix=_("Wait for it, or cancel it first")
            )
        stop = self._fetches[name] = threading.Event()
        threading.Thread(target=self._download, args=(id, name, stop), name=f"fetch {name}", daemon=True).start()
        return None

    def _download(self, id: int, name: str, stop: threading.Event) -> None:
        try:
            fetch.fetch(name, lambda done, total: self._send(words.FetchProgress(id, name, done, total)), stop.is_set)
            answer: words.Answer = words.Fetched(id, name)
        except Problem as problem:
            answer = words.Failed(id, problem.fault)
        except Exception:  # as in `answer`
            _log.exception("fetching %s", name)
            answer = words.Failed(id, bug(name))
        del self._fetches[name]
        self._send(answer)


def _refuse_what_is_too_large(report: Report) -> None:
    """raises Problem: an untrained network that would hold up the checks, or take the memory of the run"""
    values = sum(math.prod(row.output_shape) for row in report.rows if row.output_shape is not None)
    parameters, products = report.parameters, report.multiply_adds
    if parameters > MOST_PARAMETERS or values > MOST_VALUES or products > MOST_PRODUCTS:
        what = _(
            "the network is too large to be shown after every edit: {parameters:,} parameters, {values:,} values and "
            "{products:,} multiply-adds for one sample"
        )
        raise Problem(
            where=_("Preview"),
            what=what.format(parameters=parameters, values=values, products=products),
            fix=_("Press Train to see it at work"),
        )


def bug(where: str) -> Fault:
    """What a person is told of a fault of ours."""
    what = _("something went wrong inside the program; the details are in {log}").format(log=folders.log())
    return Fault(where=where, what=what, fix=_("Try again, or undo the last change"))


def _project(text: str) -> Project:
    return read_project(text, _("Project"))
