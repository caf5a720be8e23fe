"""The workbench's client: asks it to check every edit, and anything else that the window wants to know."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from playground.core.messages import (
    Answer,
    CancelFetch,
    Checked,
    CheckProject,
    Datasets,
    DatasetState,
    Device,
    Devices,
    Failed,
    FetchDataset,
    Fetched,
    FetchProgress,
    ListDatasets,
    ListDevices,
    Question,
    Ready,
    decode_answer,
)
from playground.core.problem import Fault
from playground.core.project import Project, write_project
from playground.core.report import Report
from playground.core.text import _
from playground.session.document import Document
from playground.session.process import ENGINE, Ending, EngineThread, KeptEngine


class EngineClient(QObject):
    """report: the newest check, None before the first;  checked: the project that it is about
    devices, datasets: as the workbench found them, empty before it answered;  versions: of Python, torch and the rest
    """

    ready_changed = Signal()
    report_changed = Signal(object)  # Report of the document's project as it is now
    devices_changed = Signal()
    datasets_changed = Signal()
    fetch_progressed = Signal(object)  # FetchProgress
    fetched = Signal(str)  # name of the data set
    fetch_failed = Signal(str, object)  # name of the data set, Fault; cancelled ones too
    noticed = Signal(object)  # Fault, for people

    def __init__(self, document: Document, engine: Sequence[str] = ENGINE, parent: QObject | None = None):
        super().__init__(parent)
        self._document = document
        self._process = KeptEngine(lambda: EngineThread("workbench", decode_answer, engine), self)
        self._process.received.connect(self._on_answer)
        self._process.started.connect(self._on_started)
        self._process.died.connect(self._on_died)
        self._process.gave_up.connect(self._on_gave_up)
        self._callbacks: dict[int, Callable[[Answer], None]] = {}
        self._newest_id = 0
        self._checking: Project | None = None
        self._check_id = 0
        self._fetches: set[str] = set()
        self.ready = False
        self.report: Report | None = None
        self.checked: Project | None = None
        self.devices: tuple[Device, ...] = ()
        self.datasets: tuple[DatasetState, ...] = ()
        self.versions: dict[str, str] = {}
        document.project_changed.connect(self._check)

    @property
    def pid(self) -> int | None:
        """Of the workbench; None while there is none."""
        return self._process.pid

    def start(self) -> None:
        """Start the workbench; also the way to try again after it died too often. Returns at once."""
        self._process.start()

    def close(self) -> None:
        """Ask the workbench to end. Returns at once."""
        self._process.close()

    def wait_closed(self) -> None:
        """Wait for it, after `close`."""
        self._process.wait_closed()

    def ask(self, make_question: Callable[[int], Question], on_answer: Callable[[Answer], None]) -> None:
        """Ask the workbench something. `on_answer` gets its answer, or Failed; FetchProgress as often as it comes."""
        self._newest_id += 1
        if self._process.is_there:
            self._callbacks[self._newest_id] = on_answer
            self._process.send(make_question(self._newest_id))
        else:
            on_answer(Failed(self._newest_id, _absent()))

    def refresh(self) -> None:
        """Look again for devices and data sets."""
        self.ask(ListDevices, self._on_devices)
        self.ask(ListDatasets, self._on_datasets)

    def fetch(self, name: str) -> None:
        """Download a data set; `fetch_progressed`, then `fetched` or `fetch_failed` follow. Twice is once."""
        if name not in self._fetches:
            self._fetches.add(name)
            self.ask(lambda id: FetchDataset(id, name), lambda answer: self._on_fetch(name, answer))

    def cancel_fetch(self, name: str) -> None:
        """Stop a download; `fetch_failed` follows."""
        if name in self._fetches:
            self.ask(lambda id: CancelFetch(id, name), lambda _answer: None)

    def _check(self) -> None:
        """Ask for a check of the newest project: one question at a time, so that a fast hand never fills the pipe."""
        if self._checking is None and self._process.is_there:
            self._checking = project = self._document.project
            text = write_project(project)
            self.ask(lambda id: CheckProject(id, text), lambda answer: self._on_checked(project, answer))
            self._check_id = self._newest_id

    def _on_checked(self, project: Project, answer: Answer) -> None:
        self._checking = None
        if project is not self._document.project:
            self._check()
        elif isinstance(answer, Checked):
            self.report, self.checked = answer.report, project
            self.report_changed.emit(answer.report)
        elif isinstance(answer, Failed):
            self.noticed.emit(answer.fault)

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, Ready):
            self.versions = answer.versions
            self.ready = True
            self.ready_changed.emit()
            return
        keep = isinstance(answer, FetchProgress)
        callback = self._callbacks.get(answer.id) if keep else self._callbacks.pop(answer.id, None)
        if callback is not None:
            callback(answer)

    def _on_devices(self, answer: Answer) -> None:
        if isinstance(answer, Devices):
            self.devices = answer.devices
            self.devices_changed.emit()

    def _on_datasets(self, answer: Answer) -> None:
        if isinstance(answer, Datasets):
            self.datasets = answer.datasets
            self.datasets_changed.emit()

    def _on_fetch(self, name: str, answer: Answer) -> None:
        if isinstance(answer, FetchProgress):
            self.fetch_progressed.emit(answer)
            return
        self._fetches.discard(name)
        if isinstance(answer, Fetched):
            self.fetched.emit(name)
            self._check()
        elif isinstance(answer, Failed):
            self.fetch_failed.emit(name, answer.fault)
            self.noticed.emit(answer.fault)
        self.ask(ListDatasets, self._on_datasets)

    def _on_started(self) -> None:
        self.refresh()
        self._check()

    def _on_died(self, ending: Ending) -> None:
        fault = Fault(
            where=_("Workbench"),
            what=_("the process that checks the network ended unexpectedly ({reason})").format(reason=ending.reason),
            fix=_("It is started again; nothing of the project is lost"),
        )
        self._lose(fault)
        self.noticed.emit(fault)

    def _on_gave_up(self, ending: Ending) -> None:
        fault = Fault(
            where=_("Workbench"),
            what=_("the process that checks the network ended {count} times in a row ({reason})").format(
                count=KeptEngine.TOO_OFTEN, reason=ending.reason
            ),
            fix=_("Save the project and start Torch Playground again; the log file says more"),
        )
        self._lose(fault)
        self.noticed.emit(fault)

    def _lose(self, fault: Fault) -> None:
        self._checking = None
        self._callbacks.pop(self._check_id, None)  # asked again of the next process
        callbacks, self._callbacks = self._callbacks, {}
        if self.ready:
            self.ready = False
            self.ready_changed.emit()
        for id, callback in callbacks.items():
            callback(Failed(id, fault))


def _absent() -> Fault:
    return Fault(
        where=_("Workbench"),
        what=_("the process that answers this is not running"),
        fix=_("Start Torch Playground again; the log file says more"),
    )
