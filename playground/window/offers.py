"""What an earlier session left behind is offered when the window opens: unsaved changes, and a run that died, which is
looked for with every project that is opened later, too."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.text import _
from playground.disk import kept_runs, runs
from playground.session.autosave import Unsaved
from playground.session.runs import Earlier, unfinished_run
from playground.session.session import Session
from playground.window.notices import Notice, NoticeStrip


def make(session: Session, notices: NoticeStrip) -> None:
    """Offer what there is, quietly."""
    session.background.run(session.recoverable, lambda found: offer_recovery(session, notices, found))
    ResumeOffer(session, notices).look()
    session.background.run(runs.sweep)
    session.background.run(kept_runs.sweep)


def offer_recovery(session: Session, notices: NoticeStrip, found: Sequence[Unsaved]) -> None:
    """Ask about the newest changes that an earlier session could not save; the others are asked about after it."""
    if not found:
        return
    newest, *others = found

    def take() -> None:
        try:
            session.recover(newest)
        except Problem as problem:
            session.notice(problem.fault)

    def drop() -> None:
        session.forget(newest)
        offer_recovery(session, notices, others)

    sentence = _("{name} has changes that were not saved when the program ended last time.")
    if newest.overtaken:
        sentence = _("{name} has unsaved changes of last time, but its file was written since.")
    sentence = sentence.format(name=newest.name)
    notices.add(sentence, "warning", [(_("Recover"), take), (_("Throw away"), drop)])


class ResumeOffer(QObject):
    """Says that the last run of the project at hand died, as after a killed engine; gone once a run begins, or another
    project is opened."""

    def __init__(self, session: Session, notices: NoticeStrip) -> None:
        super().__init__(notices)
        self._session, self._notices = session, notices
        self._notice: Notice | None = None
        self._begun = False
        session.document.begun.connect(self._on_begun)
        session.document.project_changed.connect(self._on_project_changed)
        session.training.history_reset.connect(self.withdraw)

    def look(self) -> None:
        """Look for such a run of the document's project."""
        project = self._session.document.project
        self._session.background.run(lambda: unfinished_run(project), lambda run: self.offer(project, run))

    def offer(self, project: Project, run: Earlier | None) -> None:
        """Offer what was found for this project, unless it was edited meanwhile or has a run already."""
        session = self._session
        if run is None or session.training.project is not None or session.document.project != project:
            return
        sentence = _("The last run stopped at step {step}.").format(step=f"{run.step:,}")
        self._notice = self._notices.add(sentence, "info", [(_("Resume"), lambda: self._resume(project))])

    def withdraw(self) -> None:
        """It is no longer so."""
        notice, self._notice = self._notice, None
        if notice is not None:
            self._notices.dismiss(notice)

    def _resume(self, project: Project) -> None:
        """Another window may have gone on with it since: it is looked up once more."""
        self._session.background.run(lambda: unfinished_run(project), self._go_on)

    def _go_on(self, found: Earlier | None) -> None:
        if found is not None:
            self._session.training.resume_unfinished(found)
        else:
            self._notices.add(_("The run goes on in another window, or was followed by a newer one."), "info")

    def _on_begun(self) -> None:
        self._begun = True
        self.withdraw()

    def _on_project_changed(self, _project: Project) -> None:
        if self._begun:  # opened just now, and not edited
            self._begun = False
            self.look()
