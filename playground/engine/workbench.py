"""The workbench: a process that answers the window's questions at once. It trains nothing and stays small."""

import contextlib
import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import psutil
import torch

from playground.core import messages as words
from playground.core.problem import Problem
from playground.core.project import Project, read_project
from playground.core.report import Report
from playground.core.text import _
from playground.engine import fetch, look, losses, probes
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.devices import list_devices
from playground.engine.jobs import Jobs, Progress, bug
from playground.engine.loader import Prepared, prepare, spec_of, states
from playground.engine.pipe import Inbox
from playground.engine.versions import versions

_log = logging.getLogger(__name__)

Cancelled = Callable[[], bool]

# What one preview may cost, about a second: every edit asks for one, and the next check waits behind it.
MOST_PARAMETERS = 50_000_000
MOST_VALUES = 50_000_000  # that the layers give for one sample
MOST_PRODUCTS = 5_000_000_000  # in one forward pass
MOST_KEPT = 1_000_000  # parameters of a network that is kept for the next preview


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
    """Answers each question once, by `send`. Downloads and what else takes long run in threads of their own."""

    def __init__(self, send: Any):
        self._send = send
        self._samples: tuple[Any, Prepared] | None = None  # of the newest (data, seed)
        self._newest: tuple[str, probes.ProbeContext] | None = None  # untrained network of the newest preview
        self._jobs = Jobs(send)

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
            case words.Preview(id, text, watches, drawing):
                return words.Previewed(id, self._pictures(text, watches, drawing))
            case words.LookAtSamples(_id, text):
                return look.samples(question, self._prepared(_project(text)))
            case words.SurveyData(id, text):
                project = _project(text)
                return look.survey(id, project, self._prepared(project))
            case words.LookAtBatch(id, text, epoch, step):
                project = _project(text)
                return look.batch(id, project, self._prepared(project), epoch, step)
            case words.WriteCode(id, text, style, numerics):
                from playground.engine import code  # with what it reads of torch.optim: few sessions need it

                return words.CodeWritten(id, code.write(_project(text), style, numerics=numerics))
            case words.Slide() | words.FitDrawing() | words.AskLab():
                return self._in_few_sessions(question)
            case words.ListDevices(id):
                return words.Devices(id, list_devices())
            case words.Compare():
                raise Problem(
                    where=_("Workbench"),
                    what=_("devices are timed by a process of their own"),
                    fix=_("Open the panel of the devices"),
                )
            case words.ListDatasets(id):
                return words.Datasets(id, states())
            case words.CancelFetch(id, name):
                self._jobs.cancel(name)
                return words.Datasets(id, states())
            case words.FetchDataset() | words.Understand() | words.PrepareData():
                self._begin(question)
                return None

    def _in_few_sessions(self, question: words.Slide | words.FitDrawing | words.AskLab) -> words.Answer:
        """Loads what answers it when it is asked for."""
        match question:
            case words.Slide():
                from playground.engine import convolving

                return convolving.answer(question)
            case words.FitDrawing():
                from playground.engine import drawing

                return drawing.answer(question, self._prepared(_project(question.project)))
            case words.AskLab(id, ask):
                from playground.engine.lab.answering import answer

                return words.LabTold(id, answer(ask, self._samples_of))

    def _begin(self, question: words.FetchDataset | words.Understand | words.PrepareData) -> None:
        """Begin what takes long; its answer comes from a thread. raises Problem"""
        id = question.id
        match question:
            case words.FetchDataset(_, name):
                spec_of(name)
                self._jobs.start(id, name, lambda *hooks: _fetched(id, name, *hooks))
            case words.Understand(_, path, options):
                self._jobs.start(id, path, lambda *hooks: _understood(id, path, options, *hooks))
            case words.PrepareData(_, text):
                project = _project(text)
                self._jobs.start(id, project.data.dataset, lambda *hooks: _decoded(id, project, *hooks))

    def _prepared(self, project: Project) -> Prepared:
        # Neither the batch size nor the order changes a sample.
        key = (msgspec.structs.replace(project.data, batch_size=1, shuffle=True), project.recipe.seed)
        if self._samples is None or self._samples[0] != key:
            self._samples = None  # the old set makes room first
            self._samples = (key, prepare(project.data, project.recipe.seed))
        return self._samples[1]

    def _samples_of(self, project: Project) -> Prepared:
        """raises Problem: they cannot be had, or the network is too large to be tried on them"""
        _refuse_what_is_too_large(check(project))
        return self._prepared(project)

    def _pictures(
        self, text: str, watches: tuple[words.Watch, ...], drawing: words.Array | None
    ) -> tuple[words.Picture, ...]:
        """What the untrained network, as a run of this seed would start it, makes of the samples."""
        context = self._context(text)
        context.drawing = drawing
        return tuple(probes.read(watch, context) for watch in watches)

    def _context(self, text: str) -> probes.ProbeContext:
        """Of this project. While somebody draws, the same one is asked for again and again: a small network is kept."""
        project = _project(text)
        data = self._prepared(project)
        kept = self._newest
        if kept is not None and kept[0] == text and kept[1].data is data:
            return probes.ProbeContext(kept[1].model, project.network, data, loss=kept[1].loss)
        self._newest = None
        report = check(project)
        _refuse_what_is_too_large(report)
        model = build_network(project.network, data.input_shape, tokens=data.tokens, seed=project.recipe.seed)
        loss = losses.make(project.recipe, data.task, len(data.classes), data.train_targets)
        context = probes.ProbeContext(model, project.network, data, loss=loss)
        if report.parameters <= MOST_KEPT:
            self._newest = text, context
        return context


def _fetched(id: int, name: str, progress: Progress, cancelled: Cancelled) -> words.Answer:
    fetch.fetch(name, progress, cancelled)
    return words.Fetched(id, name)


def _decoded(id: int, project: Project, progress: Progress, cancelled: Cancelled) -> words.Answer:
    """The samples are in the cache afterwards, and not in the memory of the workbench."""
    prepare(project.data, project.recipe.seed, progress=progress, cancelled=cancelled, keep_stored=False)
    return words.Fetched(id, project.data.dataset)


def _understood(id: int, path: str, options: dict[str, Any], progress: Progress, cancelled: Cancelled) -> words.Answer:
    from playground.engine.understand import understand  # pandas and Pillow, which few sessions need

    found = understand(Path(path), options, progress, cancelled)
    return words.Understood(id, found.data, found.dataset, found.headings, found.rows, found.choices)


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


def _project(text: str) -> Project:
    return read_project(text, _("Project"))
