"""What the user draws: strokes, the way back, and what the engine makes of them.

A canvas of the window turns the strokes into a picture and hands it over with `show`; the workbench is asked what the
network would get, one question at a time and of those that wait the newest, as in `session/sliding.py`; that goes to
whoever looks at the sample DRAWING.
"""

from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal

from playground.core.data import Data
from playground.core.drawing import DRAWING, DrawingFitted, FitDrawing
from playground.core.messages import Answer, Array, Draw, Failed
from playground.core.project import Project, write_project
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.looking import Looking
from playground.session.training import Training

MOST_STROKES = 500
MOST_POINTS = 20_000  # of one stroke; more begin another one
MOST_BACK = 200  # strokes that can be taken back

Point = tuple[float, float]


class Stroke(NamedTuple):
    """points: (x, y), 0 to 1 from the left and from above;  width: of the pen, as a share of the side
    color: "#rrggbb" for pictures in colour; else all is ink;  erases: takes ink away
    """

    points: tuple[Point, ...]
    width: float
    color: str = ""
    erases: bool = False


class Drawing(QObject):
    """strokes: so far, the one under way last;  fitted: the newest answer, None before the first
    fault: why the newest has none
    """

    strokes_changed = Signal()  # other strokes: one was taken back, or all
    extended = Signal(object)  # Stroke: two points, which the stroke under way has got more
    lifted = Signal()  # the stroke under way is done
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
        self.strokes: tuple[Stroke, ...] = ()
        self.fitted: DrawingFitted | None = None
        self.fault = ""
        self._back: list[tuple[Stroke, ...]] = []
        self._under_way: list[Point] | None = None
        self._ink: Array | None = None
        self._about = _about(document.project)
        self._text: tuple[Project, str] | None = None
        self._waits = self._asking = False
        document.project_changed.connect(self._on_project_changed)
        client.ready_changed.connect(self._ask)
        client.fetched.connect(self._ask_again)
        training.ready_changed.connect(self._tell_runner)

    # What is drawn ------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        return not self.strokes

    @property
    def can_undo(self) -> bool:
        return bool(self._back) and self._under_way is None

    @property
    def channels(self) -> int:
        """1 where ink is drawn, 3 where colours are, 0 where the samples are no pictures that can be drawn."""
        spec = self._looking.dataset
        if spec is None or spec.kind != "picture" or len(spec.sample_shape) != 3:
            return 0
        return spec.sample_shape[0] if spec.sample_shape[0] in (1, 3) else 0

    def begin(self, x: float, y: float, width: float, color: str = "", erases: bool = False) -> None:
        """Put the pen down. A dot, until it is moved."""
        self.end()
        if len(self.strokes) >= MOST_STROKES:
            return
        self._remember()
        self._under_way = [_inside(x, y)]
        self.strokes = (*self.strokes, Stroke(tuple(self._under_way), width, color, erases))
        self.extended.emit(self.strokes[-1])

    def move(self, x: float, y: float) -> None:
        """Draw on to here. Nothing happens where the pen is up."""
        if self._under_way is None or len(self._under_way) >= MOST_POINTS:
            return
        before, point = self._under_way[-1], _inside(x, y)
        if point != before:
            self._under_way.append(point)
            self.extended.emit(self.strokes[-1]._replace(points=(before, point)))

    def end(self) -> None:
        """Lift the pen."""
        if self._under_way is not None:
            self.strokes = (*self.strokes[:-1], self.strokes[-1]._replace(points=tuple(self._under_way)))
            self._under_way = None
            self.lifted.emit()

    def undo(self) -> None:
        """Take the last stroke back, or the clearing."""
        self.end()
        if self._back:
            self.strokes = self._back.pop()
            self.strokes_changed.emit()

    def clear(self) -> None:
        self.end()
        if self.strokes:
            self._remember()
            self.strokes = ()
            self.strokes_changed.emit()

    def _remember(self) -> None:
        self._back = [*self._back, self.strokes][-MOST_BACK:]

    # What becomes of it -------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking or self._waits

    def show(self, ink: Array) -> None:
        """What the canvas shows now, as `FitDrawing.ink`."""
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
        if before == self._about:
            return
        self.fitted, self.fault = None, ""
        if self._document.sample == DRAWING and not self.channels:
            self._document.set_sample(0)
        self._ask_again()
        self.changed.emit()


def _inside(x: float, y: float) -> Point:
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def _about(project: Project) -> tuple[Data, int]:
    """What the answer depends on: neither on the batches nor on the network."""
    return msgspec.structs.replace(project.data, batch_size=1, shuffle=True), project.recipe.seed
