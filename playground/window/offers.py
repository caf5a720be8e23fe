"""What an earlier session left behind is offered when the window opens: unsaved changes, and a run that died."""

from collections.abc import Sequence

from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import kept_runs, runs
from playground.session.autosave import Unsaved
from playground.session.runs import Unfinished, unfinished_run
from playground.session.session import Session
from playground.window.notices import NoticeStrip


def make(session: Session, notices: NoticeStrip) -> None:
    """Offer what there is, quietly."""
    session.background.run(session.recoverable, lambda found: offer_recovery(session, notices, found))
    project = session.document.project
    session.background.run(lambda: unfinished_run(project), lambda run: offer_resume(session, notices, run))
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


def offer_resume(session: Session, notices: NoticeStrip, run: Unfinished | None) -> None:
    """Say that the last run of this project died, as after a killed engine; gone once a run begins."""
    training = session.training
    if run is None or training.project is not None or session.document.project != run.asked:
        return

    def resume() -> None:
        """Another window may have gone on with it since: it is looked up once more."""
        session.background.run(lambda: unfinished_run(run.asked), go_on)

    def go_on(found: Unfinished | None) -> None:
        if found is not None:
            training.resume_unfinished(found)
        else:
            notices.add(_("The run goes on in another window, or was followed by a newer one."), "info")

    sentence = _("The last run stopped at step {step}.").format(step=f"{run.step:,}")
    notice = notices.add(sentence, "info", [(_("Resume"), resume)])
    training.history_reset.connect(lambda: notices.dismiss(notice))
