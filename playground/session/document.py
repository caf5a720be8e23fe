"""The document: the project that is being edited, its undo stack, its file, what is selected.

Every edit, fix, paste, drop and rename goes through `Document.apply`, which pushes one kind of undo command: the
project before and after, both values, so that undo cannot miss a detail.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from playground.core import edit as edits
from playground.core.drawing import Chosen
from playground.core.edit import Edit, SetArgument, SetData, SetRecipe
from playground.core.network import Path, at
from playground.core.problem import Fault, Problem
from playground.core.project import Project, write_project
from playground.core.text import _
from playground.disk import atomic, projects
from playground.session.background import Background

MERGE_WITHIN_S = 1.0  # turns of one spin box closer together than this are one undo step

Selection = tuple[Path, ...]


class ChangeProject(QUndoCommand):
    """The one undo command: from one project to another, each with its selection."""

    def __init__(self, document: "Document", text: str, after: Project, selection: Selection, merge_key: Any = None):
        super().__init__(text)
        self.document, self.merge_key, self.made_at = document, merge_key, time.monotonic()
        self.before, self.after = (document.project, document.selection), (after, selection)

    def redo(self) -> None:
        self.document._show(*self.after)

    def undo(self) -> None:
        self.document._show(*self.before)

    def id(self) -> int:
        return -1 if self.merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ChangeProject) or other.merge_key != self.merge_key:
            return False
        if other.made_at - self.made_at > MERGE_WITHIN_S:
            return False
        self.after, self.made_at = other.after, other.made_at
        self.setText(other.text())
        self.setObsolete(same(self.before[0], self.after[0]))
        return True


class Document(QObject):
    """project: the newest value;  path: its file, None before it was saved;  name: for the title
    selection: paths of the selected layers;  sample: that pictures show, its index in the test part, or DRAWING
    """

    begun = Signal()  # another project altogether, opened or new; `project_changed` follows
    project_changed = Signal(object)  # Project
    selection_changed = Signal(object)  # tuple of paths
    sample_changed = Signal(object)  # int, or DRAWING
    saved_changed = Signal()  # is_modified, path or name is another
    saved = Signal(object)  # Path: `save_later` has written it
    save_failed = Signal(object)  # Fault: `save_later` could not
    save_refused = Signal(object)  # Path: `save_later` wrote nothing, for another program has written there meanwhile
    file_changed = Signal(object, str)  # Path, mark: another program has written there, as `look_at_file` found out

    def __init__(self, project: Project, name: str, background: Background, parent: QObject | None = None):
        super().__init__(parent)
        self._background = background
        self.undo_stack = QUndoStack(self)
        self.project, self.name, self.path = project, name, None
        self.selection: Selection = ()
        self.sample: Chosen = 0
        self._on_disk: Project | None = project
        self._shown_modified = False
        self._marks: dict[FilePath, str] = {}  # of the files read or written here, as they were then
        self._begun = 0  # how many projects have been begun

    project: Project
    name: str
    path: FilePath | None

    @property
    def is_modified(self) -> bool:
        """Whether the project differs from the one that was opened, made or saved last."""
        return self._on_disk is None or not same(self.project, self._on_disk)

    def apply(self, *changes: Edit, text: str = "") -> None:
        """Apply edits as one undo step. Edits that change nothing push nothing.

        text: for the Edit menu; the first edit's own where it is empty
        raises Problem: a field of data or recipe out of its range; nothing is changed then
        """
        project, selection = self.project, self.selection
        for change in changes:
            text = text or edits.text_of(change, project)
            chosen = edits.selection_after(project, change)
            project = edits.apply(project, change)
            selection = selection if chosen is None else chosen
        if same(project, self.project):
            return
        merge_key = _merge_key(changes[0], self.project) if len(changes) == 1 else None
        self.undo_stack.push(ChangeProject(self, text, project, _existing(project, selection), merge_key))

    def select(self, paths: Iterable[Path]) -> None:
        """Select layers, in this order; paths that name nothing are left out."""
        selection = _existing(self.project, paths)
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    def set_sample(self, sample: Chosen) -> None:
        """Choose the sample that pictures show, an index in the test part or DRAWING."""
        if sample != self.sample and (isinstance(sample, str) or sample >= 0):
            self.sample = sample
            self.sample_changed.emit(sample)

    def new(self, project: Project, name: str) -> None:
        """Begin another project that has no file yet. The undo stack begins anew."""
        self._begin(project, name, None, saved=True)

    def open(self, path: FilePath) -> None:
        """Read a project file at once (before there is a window). raises Problem; the document is then as it was"""
        self.take(path, *projects.read_marked(path))

    def take(self, path: FilePath, project: Project, mark: str) -> None:
        """Take up what was read from a file (`disk.projects.read_marked`)."""
        self._marks[path] = mark
        self._begin(project, path.stem, path, saved=True)

    def reload(self, path: FilePath, project: Project, mark: str) -> None:
        """Take up what another program wrote to this document's file: as one undo step, so that nothing is lost."""
        self._marks[path], self._on_disk = mark, project
        if not same(project, self.project):
            selection = _existing(project, self.selection)
            self.undo_stack.push(ChangeProject(self, _("reload {name}").format(name=path.stem), project, selection))
        self._saved(project, path)

    def recover(self, project: Project, name: str, path: FilePath | None, mark: str = "") -> None:
        """Take up unsaved changes of an earlier session; they count as not saved.

        mark: of the file when that session last read or wrote it
        """
        if path is not None:
            self._marks[path] = mark
        self._begin(project, name, path, saved=False)

    @property
    def mark(self) -> str:
        """Of this document's file as it was read or written last; "" where there is none."""
        return self._marks.get(self.path, "") if self.path else ""

    def save(self, path: FilePath | None = None) -> None:
        """Write the file now (tests, and the last save before the window closes). raises Problem"""
        target = self._target(path)
        self._marks[target] = projects.save(self.project, target)
        self._saved(self.project, target)

    def save_later(self, path: FilePath | None = None, *, anyway: bool = False) -> None:
        """Write the file without the window waiting for the disk.

        `saved`, `save_refused` or `save_failed` follows. What is edited meanwhile is not in the file, and still counts
        as modified.

        anyway: also where another program has written the file since it was read or written here
        raises Problem: no file chosen yet
        """
        project, target, begun = self.project, self._target(path), self._begun

        def write() -> bool:
            # the marks are read here, behind the saves that were asked for before this one
            known = self._marks.get(target)
            if known and not anyway and projects.changed_mark(target, known):
                return False
            self._marks[target] = projects.save(project, target)
            atomic.sweep(target.parent, re.escape(target.name))
            return True

        def then(written: bool) -> None:
            if not written:
                self.save_refused.emit(target)
                return
            if begun == self._begun:  # another project may have been opened meanwhile
                self._saved(project, target)
            self.saved.emit(target)

        self._background.run(write, then, self._on_save_failed)

    def look_at_file(self) -> None:
        """Find out whether another program has written this document's file; `file_changed` follows where one has."""
        path = self.path
        if path is None or path not in self._marks:
            return

        def then(mark: str) -> None:
            if mark and path == self.path:
                self.file_changed.emit(path, mark)

        self._background.run(lambda: projects.changed_mark(path, self._marks[path]), then)

    def _on_save_failed(self, fault: Fault) -> None:
        self.save_failed.emit(fault)

    def _target(self, path: FilePath | None) -> FilePath:
        target = path or self.path
        if target is None:
            raise Problem(
                where=self.name, what=_("it has no file yet"), fix=_("Choose a name and a place for it with Save as")
            )
        return target

    def _saved(self, project: Project, path: FilePath) -> None:
        self._on_disk, self.path, self.name = project, path, path.stem
        self._shown_modified = self.is_modified
        self.saved_changed.emit()

    def _begin(self, project: Project, name: str, path: FilePath | None, *, saved: bool) -> None:
        self._begun += 1
        self.undo_stack.clear()
        self.name, self.path = name, path
        self._on_disk = project if saved else None
        self._shown_modified = not saved
        self.begun.emit()
        self._show(project, ())
        self.set_sample(0)
        self.saved_changed.emit()

    def _show(self, project: Project, selection: Selection) -> None:
        selected = selection != self.selection
        self.project, self.selection = project, selection
        self.project_changed.emit(project)
        if selected:
            self.selection_changed.emit(selection)
        if self.is_modified != self._shown_modified:
            self._shown_modified = not self._shown_modified
            self.saved_changed.emit()


def same(one: Project, other: Project) -> bool:
    """Whether two projects are equal, in a file too."""
    # 1 == True == 1.0 in Python, but not in a file: equal values are compared once more as text.
    return one is other or (one == other and write_project(one) == write_project(other))


def _existing(project: Project, paths: Iterable[Path]) -> Selection:
    kept = []
    for path in paths:
        try:
            at(project.network, path)
        except IndexError:
            continue
        kept.append(path)
    return tuple(dict.fromkeys(kept))


def _merge_key(change: Edit, before: Project) -> Any:
    """Equal for turns of the same spin box; None where an edit is a step of its own."""
    match change:
        case SetArgument(path, name, value) if _is_number(value):
            return path, name
        case SetRecipe({"optimizer": chosen, **rest}) if not rest:
            return _only_argument(before.recipe.optimizer, chosen)
        case SetRecipe({"schedule": chosen, **rest}) if not rest:
            return _only_argument(before.recipe.schedule, chosen)
        case SetRecipe({"loss_options": options, **rest}) if not rest:
            return _only_number(before.recipe.loss_options, options)
        case SetData({"options": options, **rest}) if not rest:
            return _only_number(before.data.options, options)
        case SetData({"preparation": steps, **rest}) if not rest:
            return _only_step(before.data.preparation, steps)
        case SetRecipe(changes) | SetData(changes) if len(changes) == 1:
            field, value = next(iter(changes.items()))
            return field if _is_number(value) else None
    return None


def _only_argument(before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
    """As `_only_number`, of {name: arguments}."""
    if len(after) != 1 or list(before) != list(after):
        return None
    name, arguments = next(iter(after.items()))
    key = _only_number(before[name], arguments)
    return (name, key[1]) if key is not None else None


def _only_number(before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
    """The name of the one number that is another; None where more is."""
    changed = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    return ("option", changed[0]) if len(changed) == 1 and _is_number(after.get(changed[0])) else None


def _only_step(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Any:
    """The place of the one step whose number is another; None where more is."""
    if [list(step) for step in before] != [list(step) for step in after]:
        return None
    changed = [place for place, step in enumerate(after) if step != before[place]]
    numbers = all(_is_number(value) for place in changed for value in after[place].values())
    return ("step", changed[0]) if len(changed) == 1 and numbers else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
