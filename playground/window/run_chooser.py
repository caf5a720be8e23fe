"""The choosers of the run bar: the data set and the device, each a button with its menu."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from playground.core.choosing import edits_for
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.devices import AUTO, chosen_device
from playground.core.edit import SetData
from playground.core.messages import Array, DatasetState, FetchProgress, Watch
from playground.core.spec import DatasetSpec
from playground.core.text import _, plural
from playground.session.session import Session
from playground.window import icons
from playground.window.layer_list.pictures import as_numpy, thumbnail
from playground.window.theme import theme

NARROWEST, WIDEST = 96, 184  # px


class Chooser(QPushButton):
    """A button that shows what is chosen: icon, words (shortened where they do not fit), and the sign of a menu."""

    def __init__(self, purpose: str, menu: bool = True) -> None:
        """menu: `fill` makes one each time it opens; else a click is for whoever listens"""
        super().__init__()
        self._purpose, self._icon, self.caption = purpose, "unknown", ""
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if menu:
            self._make_menu()

    def _make_menu(self) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)

    def fill(self) -> None:
        """Make the menu anew, each time it opens."""

    def say(self, icon: str, caption: str, tip: str) -> None:
        """Show what is chosen."""
        self.setToolTip(tip)
        if (icon, caption) != (self._icon, self.caption):
            self._icon, self.caption = icon, caption
            self.setAccessibleName(f"{self._purpose}: {caption}")
            self.updateGeometry()
            self.update()

    def show_picture(self, picture: QImage | None) -> None:
        """A picture of what is chosen, in place of the icon; its side is that of a glyph."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        wanted = self.fontMetrics().horizontalAdvance(self.caption) + 70
        return QSize(round(min(WIDEST * theme().text_scale, max(NARROWEST, wanted))), theme().size("control"))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, theme().size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        ratio, side = self.devicePixelRatioF(), theme().size("icon")
        top = (self.height() - side) // 2
        token = "text" if self.isEnabled() else "text_quiet"
        if self._picture is not None:
            painter.drawImage(8, (self.height() - theme().size("glyph")) // 2, self._picture)
        else:
            painter.drawPixmap(10, top, icons.pixmap(self._icon, side, token, ratio))
        chevron = icons.pixmap("chevron-down", side, "text_secondary", ratio)
        painter.drawPixmap(self.width() - side - 8, top, chevron)
        painter.setPen(theme().color(token))
        room = QRect(10 + side + 8, 0, self.width() - 2 * side - 30, self.height())
        text = painter.fontMetrics().elidedText(self.caption, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class DatasetChooser(Chooser):
    """What the network learns from; a click opens the gallery. A set that is not here yet is downloaded, then chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Data set"), menu=False)
        self._session = session
        self._progress: FetchProgress | None = None
        self._wanted: tuple[str, dict[str, Any], Data] | None = (
            None  # to choose when its download ends, unless the data changed
        )
        session.document.project_changed.connect(self.refresh)
        session.client.datasets_changed.connect(self.refresh)
        session.client.fetch_progressed.connect(self._on_progress)
        session.client.fetched.connect(self._on_fetched)
        session.client.fetch_failed.connect(self._on_fetch_failed)
        session.training.pictures_changed.connect(self._show_sample)
        session.document.sample_changed.connect(self._show_sample)
        session.client.report_changed.connect(self.refresh)
        self._sample: Array | None = None
        self.clicked.connect(lambda _checked=False: self.open_gallery())
        self.refresh()

    def open_gallery(self) -> None:
        """Show every data set there is."""
        from playground.window.data.gallery import Gallery  # few starts of the window need it

        Gallery(self._session, self, self.window()).open()

    def refresh(self, *_news: object) -> None:
        """Show the data set of the document, or how far a download is."""
        self._show_sample()
        data = self._session.document.project.data
        spec = self._session.looking.dataset
        if self._progress is not None:
            self.say(
                "download", _fetching_text(self._progress), _("Downloading; click to see how far it is, or to cancel")
            )
            return
        if spec is None:
            self.say("warning", data.dataset, _("This data set is not known here"))
            return
        state = _state_of(self._session.client.datasets, spec.name)
        missing = state is not None and not state.available and not spec.own  # whose files the check looks for
        self.say(
            "download" if missing else ("convolution" if spec.kind == "picture" else "file"),
            f"{spec.title} {_size_text(spec, data.preparation)}".strip(),
            f"{spec.summary}\n{state.fault}" if missing and state and state.fault else spec.summary,
        )

    def _show_sample(self, *_news: object) -> None:
        """The sample that the list shows, as small as an icon; made anew only where it is another one."""
        picture = self._session.training.picture(Watch("rows", {"sample": self._session.document.sample}))
        sample = picture.arrays.get("input") if picture else None
        spec = self._session.looking.dataset
        if sample is not None and (0 in sample.shape or spec is None or spec.kind != "picture"):
            sample = None
        if sample != self._sample:
            self._sample = sample
            side, ink = theme().size("glyph"), theme().lut("ink")
            ratio = self.devicePixelRatioF()
            self.show_picture(None if sample is None else thumbnail(as_numpy(sample), ink, side, ratio))

    def choose(self, spec: DatasetSpec, options: dict[str, Any] | None = None) -> None:
        """Learn from this set: one undo step with a preparation and a loss that fit it. options: pinned arguments"""
        document = self._session.document
        data = document.project.data
        if (spec.name, options or {}) == (data.dataset, data.options):
            return
        text = _("choose {title}").format(title=spec.title)
        if spec.name == data.dataset:
            document.apply(SetData({"options": options or {}}), text=text)
        else:
            document.apply(*edits_for(spec, document.project, options), text=text)
        document.set_sample(0)

    def fetch(self, spec: DatasetSpec, options: dict[str, Any] | None = None) -> None:
        """Download it, and choose it then."""
        self._wanted = (spec.name, options or {}, self._session.document.project.data)
        self._progress = FetchProgress(0, spec.name, 0, spec.bytes)
        self.refresh()
        self._session.client.fetch(spec.name)

    def _on_progress(self, progress: FetchProgress) -> None:
        self._progress = progress
        self.refresh()

    def _on_fetched(self, name: str) -> None:
        wanted = self._wanted
        self._forget(name)
        if wanted is not None and wanted[0] == name and wanted[2] == self._session.document.project.data:
            self.choose(DATASETS[name], wanted[1])

    def _on_fetch_failed(self, name: str, _fault: object) -> None:
        self._forget(name)

    def _forget(self, name: str) -> None:
        """A download has ended; another one may go on."""
        self._progress = None if self._progress and self._progress.name == name else self._progress
        self._wanted = None if self._wanted and self._wanted[0] == name else self._wanted
        self.refresh()


class DeviceChooser(Chooser):
    """The devices that runs can start on. The choice is for the next run; it is remembered."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Device"))
        self._session = session
        session.client.devices_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the device of the next run."""
        device = chosen_device(self._session.client.devices, self._session.training.device)
        title = device.title if device else _("Automatic")
        is_cpu = device is None or device.name == "cpu"
        tip = _("The device of the next run")
        if device is not None and device.reason:
            tip = _("{title} cannot be used: {reason}").format(title=title, reason=device.reason)
        self.say("warning" if device and device.reason else "cpu" if is_cpu else "gpu", title, tip)

    def fill(self) -> None:
        menu = self.menu()
        menu.clear()
        chosen = self._session.training.device
        self._add(AUTO, _("Automatic: the fastest there is"), chosen)
        for device in self._session.client.devices:
            more = device.reason or (_("{gib:.0f} GiB").format(gib=device.memory / 2**30) if device.memory else "")
            title = f"{device.title}   {more}" if more else device.title
            self._add(device.name, title, chosen).setEnabled(not device.reason)

    def _add(self, name: str, title: str, chosen: str) -> Any:
        action = self.menu().addAction(title)
        action.setCheckable(True)
        action.setChecked(name == chosen)
        action.triggered.connect(lambda _on=False: self.choose(name))
        return action

    def choose(self, name: str) -> None:
        """PyTorch's name, or "auto"."""
        self._session.training.set_device(name)
        self.refresh()


def _size_text(spec: DatasetSpec, preparation: Sequence[Mapping[str, Any]]) -> str:
    """Of a sample as the network gets it: "32×32", "4 features"; nothing where only the user's files tell."""
    if not spec.sample_shape:
        return ""
    if spec.kind == "text":
        return plural("{n} character", "{n} characters", spec.sample_shape[-1])
    if spec.kind != "picture":
        if spec.kind == "series":
            return plural("{n} value", "{n} values", spec.sample_shape[-1])
        return plural("{n} feature", "{n} features", spec.sample_shape[0])
    height, width = spec.sample_shape[1:]
    for step in preparation:
        side = step.get("resize", step.get("crop"))
        if isinstance(side, int):
            height = width = side
    return f"{height}×{width}"


def _state_of(states: Sequence[DatasetState], name: str) -> DatasetState | None:
    return next((state for state in states if state.name == name), None)


def _fetching_text(progress: FetchProgress) -> str:
    spec = DATASETS.get(progress.name)
    title = spec.title if spec else progress.name
    if not progress.total:
        return f"{title} {_megabytes(progress.done)} MB"
    return f"{title} {100 * progress.done // progress.total} %"


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1_000_000)):,}"
