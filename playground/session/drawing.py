"""What the user draws: strokes, the way back, and what the engine makes of them.

A canvas of the window turns the strokes into a picture and hands it over with `show`; the workbench is asked what the
network would get, one question at a time and of those that wait the newest, as in `session/sliding.py`; that goes to
whoever looks at the sample DRAWING.
"""

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.data import Data
from playground.core.drawing import DRAWING, DrawingFitted, FitDrawing
from playground.core.messages import Answer, Array, Draw, Failed
from playground.core.project import Project, write_project
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.looking import Looking
from playground.session.sketch import Sketch
from playground.session.training import Training


class Drawing(Sketch):
    """fitted: the newest answer, None before the first;  fault: why the newest has none"""

    changed = Signal()  # there is another answer, or a fault

    def __init__(
        self,
        document: Document,
        client: EngineClient,
        looking: Looking,
        training: Training,
        parent: QObject | None = None,
    ):
        super().__init__(parent)
        self._document, self._client, self._looking, self._training = document, client, looking, training
        self.fitted: DrawingFitted | None = None
        self.fault = ""
        self._ink: Array | None = None
        self._about = _about(document.project)
        self._text: tuple[Project, str] | None = None
        self._waits = self._asking = False
        document.project_changed.connect(self._on_project_changed)
        client.ready_changed.connect(self._ask)
        client.fetched.connect(self._ask_again)
        training.ready_changed.connect(self._tell_runner)

    @property
    def channels(self) -> int:
        """1 where ink is drawn, 3 where colours are, 0 where the samples are no pictures that can be drawn."""
        spec = self._looking.dataset
        if spec is None or spec.kind != "picture" or len(spec.sample_shape) != 3:
            return 0
        return spec.sample_shape[0] if spec.sample_shape[0] in (1, 3) else 0

    # What becomes of it -------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking or self._waits

    def show(self, ink: Array) -> None:
        if ink != self._ink:
            self._ink = ink
            self._ask_again()

    def _ask_again(self, *_news: object) -> None:
        self._waits = self._ink is not None and self.channels > 0
        self._ask()

    def _ask(self) -> None:
        if self._asking or not self._waits or self._ink is None or not self._client.ready:
            return
        self._waits, self._asking = False, True
        ink, text, about = self._ink, self._project_text(), self._about
        self._client.ask(lambda id: FitDrawing(id, text, ink), lambda answer: self._take(answer, about))

    def _take(self, answer: Answer, about: tuple[Data, int]) -> None:
        self._asking = False
        if about == self._about:  # else it is about other samples
            if isinstance(answer, DrawingFitted):
                self.fitted, self.fault = answer, ""
                self._training.draw(Draw(answer.input))
            elif isinstance(answer, Failed):
                self.fitted, self.fault = None, answer.fault.what
            self.changed.emit()
        self._ask()

    def _project_text(self) -> str:
        """The project as text; written once, for many points are drawn between two edits."""
        project = self._document.project
        if self._text is None or self._text[0] is not project:
            self._text = project, write_project(project)
        return self._text[1]

    def _tell_runner(self) -> None:
        """Another process is there, which knows of no drawing."""
        if self._training.ready and self.fitted is not None:
            self._training.draw(Draw(self.fitted.input))

    def _on_project_changed(self, project: Project) -> None:
        before, self._about = self._about, _about(project)
        if before != self._about:
            self._begin_anew()
        self.channels_changed.emit()

    def _begin_anew(self) -> None:
        """The samples are others."""
        self.fitted, self.fault = None, ""
        if self._document.sample == DRAWING and not self.channels:
            self._document.set_sample(0)
        self._ask_again()
        self.changed.emit()


def _about(project: Project) -> tuple[Data, int]:
    """What the answer depends on: neither on the batches nor on the network."""
    return msgspec.structs.replace(project.data, batch_size=1, shuffle=True), project.recipe.seed
