"""What the keyboard and the menus do with the selected layers."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from playground.core import network as tree
from playground.core.edit import DuplicateLayers, GroupLayers, MoveLayers, RemoveLayers, SetDisabled, UngroupLayers
from playground.core.lab.page import topic_of
from playground.core.lab.topics import Convolution
from playground.core.lab.ways import page_of, slid_over
from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.text import _
from playground.session.session import Session
from playground.window import icons
from playground.window.layer_list import clipboard, drops
from playground.window.layer_list.view import LayerListView
from playground.window.web import open_page, reading_order

Keys = QKeySequence | QKeySequence.StandardKey | str


class LayerCommands(QObject):
    """Actions of the list. They count while the list has the keyboard; menus may show them, too."""

    arguments_requested = Signal()  # of the selected layer: the keyboard wants to go there

    def __init__(self, session: Session, view: LayerListView) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._needs_selection: list[QAction] = []
        standard = QKeySequence.StandardKey
        self.cut = self._action(_("Cut"), standard.Cut, self._on_cut)
        self.copy = self._action(_("Copy"), standard.Copy, self._on_copy, icon="copy")
        self.paste = self._action(_("Paste"), standard.Paste, self._on_paste, selection=False)
        self.duplicate = self._action(_("Duplicate"), "Ctrl+D", self._on_duplicate)
        self.delete = self._action(_("Delete"), standard.Delete, self._on_delete, "Backspace", icon="trash")
        self.move_up = self._action(_("Move up"), "Alt+Up", lambda: self._move(drops.one_up(self._paths())))
        self.move_down = self._action(
            _("Move down"), "Alt+Down", lambda: self._move(drops.one_down(self._network(), self._paths()))
        )
        self.arguments = self._action(
            _("Edit the arguments"), "Return", self.arguments_requested.emit, "Enter", selection=False
        )
        self.move_in = self._action(
            _("Move into the block above"),
            "Alt+Right",
            lambda: self._move(drops.into_block(self._network(), self._paths())),
        )
        self.move_out = self._action(
            _("Move out of the block"), "Alt+Left", lambda: self._move(drops.out_of_block(self._paths()))
        )
        self.rename = self._action(_("Rename"), "F2", self._on_rename)
        self.switch = self._action(_("Switch off"), "Ctrl+/", self._on_switch)
        self.group = self._action(_("Group"), "Ctrl+G", lambda: self._group_into("Sequential"))
        self.group_residual = self._action(_("Group into Residual"), "", lambda: self._group_into("Residual"))
        self.group_parallel = self._action(_("Group into Parallel"), "", lambda: self._group_into("Parallel"))
        self.ungroup = self._action(_("Take the block apart"), "Ctrl+Shift+G", self._on_ungroup)
        self.fold_all = self._action(
            _("Fold all blocks"), "Alt+Shift+Left", lambda: view.fold_all(True), selection=False
        )
        self.unfold_all = self._action(
            _("Unfold all blocks"), "Alt+Shift+Right", lambda: view.fold_all(False), selection=False
        )
        self.explain = self._action(_("Explain in the lab"), "", self._on_explain)
        self.read = self._action(_("Read about the layer on the web"), "", self._on_read, icon="external")
        self.select_all = self._action(_("Select all"), standard.SelectAll, self._on_select_all, selection=False)
        self.find = self._action(_("Filter the layers"), standard.Find, lambda: None, selection=False, icon="search")
        self.find.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        view.customContextMenuRequested.connect(self._on_menu_requested)
        session.document.selection_changed.connect(self._on_selection_changed)
        session.document.project_changed.connect(self._on_selection_changed)
        self._on_selection_changed()

    def actions(self) -> list[QAction | None]:
        """In the order of the menus; None is a line between groups."""
        return [
            self.cut, self.copy, self.paste, self.duplicate, self.delete, None,
            self.arguments, self.rename, self.switch, self.explain, self.read, None,
            self.group, self.group_residual, self.group_parallel, self.ungroup, self.fold_all, self.unfold_all, None,
            self.move_up, self.move_down, self.move_in, self.move_out, None, self.select_all, self.find,
        ]  # fmt: skip

    def fill(self, menu: QMenu) -> None:
        """Put the actions into a menu."""
        for action in self.actions():
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)

    def _action(
        self,
        text: str,
        keys: Keys,
        do: Callable[[], None],
        more_keys: str = "",
        icon: str = "",
        selection: bool = True,
    ) -> QAction:
        action = QAction(text, self)
        shortcuts = QKeySequence.keyBindings(keys) if isinstance(keys, QKeySequence.StandardKey) else []
        shortcuts = shortcuts or [QKeySequence(keys)] * bool(keys)
        action.setShortcuts([*shortcuts, QKeySequence(more_keys)] if more_keys else shortcuts)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if icon:
            action.setIcon(icons.icon(icon, "text_secondary"))
        action.triggered.connect(lambda _checked=False: do())
        self._view.addAction(action)
        if selection:
            self._needs_selection.append(action)
        return action

    def _network(self) -> tree.Network:
        return self._session.document.project.network

    def _paths(self) -> list[Path]:
        return tree.outermost(self._session.document.selection)

    def _on_selection_changed(self, *_paths: object) -> None:
        layers = [tree.at(self._network(), path) for path in self._paths()]
        for action in self._needs_selection:
            action.setEnabled(bool(layers))
        self.arguments.setText(_("Edit the arguments") if layers else _("Edit the data"))
        self.rename.setEnabled(len(layers) == 1)
        self.explain.setEnabled(len(layers) == 1 and page_of(layers[0]) is not None)
        spec = LAYERS.get(layers[0].layer) if len(layers) == 1 else None
        self.read.setEnabled(spec is not None)
        self.read.setText(reading_order(spec) if spec else _("Read about the layer on the web"))
        self.move_in.setEnabled(drops.into_block(self._network(), self._paths()) is not None)
        self.move_out.setEnabled(drops.out_of_block(self._paths()) is not None)
        self.ungroup.setEnabled(len(layers) == 1 and bool(layers[0].children))
        all_off = bool(layers) and all(layer.disabled for layer in layers)
        self.switch.setText(_("Switch on") if all_off else _("Switch off"))

    def _on_copy(self) -> None:
        if paths := self._paths():
            layers = [tree.at(self._network(), path) for path in paths]
            QGuiApplication.clipboard().setMimeData(clipboard.mime_of(layers))

    def _on_cut(self) -> None:
        self._on_copy()
        self._on_delete()

    def _on_paste(self) -> None:
        self._view.insert_from(QGuiApplication.clipboard().mimeData(), self.insertion_path())

    def insertion_path(self) -> Path:
        """Right behind the selection, into a block that is still empty; at the end where nothing is selected."""
        if paths := self._paths():
            last = tree.at(self._network(), paths[-1])
            return (*paths[-1], 0) if drops.is_block(last) and not last.children else drops.after(paths[-1])
        on_input = self._view.currentIndex().isValid() and self._view.currentIndex().internalId() == 0
        return (0,) if on_input else (len(self._network()),)

    def _on_duplicate(self) -> None:
        if paths := self._paths():
            self._session.document.apply(DuplicateLayers(tuple(paths)))

    def _on_delete(self) -> None:
        if paths := self._paths():
            self._session.document.apply(RemoveLayers(tuple(paths)))

    def _on_rename(self) -> None:
        if len(paths := self._paths()) == 1:
            self._view.rename(paths[0])

    def _on_switch(self) -> None:
        """Off, unless all of them are off."""
        if paths := tuple(self._paths()):
            off = not all(tree.at(self._network(), path).disabled for path in paths)
            self._session.document.apply(SetDisabled(paths, off))

    def _group_into(self, block: str) -> None:
        if paths := self._paths():
            self._session.document.apply(GroupLayers(tuple(paths), block))

    def _on_ungroup(self) -> None:
        if len(paths := self._paths()) == 1 and tree.at(self._network(), paths[0]).children:
            self._session.document.apply(UngroupLayers(paths[0]))

    def _move(self, to: Path | None) -> None:
        if to is not None:
            self._session.document.apply(MoveLayers(tuple(self._paths()), to))

    def _on_select_all(self) -> None:
        if self._view.filter.words:
            self._view.filter.choose_all()
            return
        self._session.document.select(tuple((number,) for number in range(len(self._network()))))

    def _on_explain(self) -> None:
        """Show the page of the lab that explains the layer; a convolution takes its own kernels along."""
        path, lab = self._paths()[0], self._session.lab
        state = page_of(tree.at(self._network(), path))
        own = lab.own.at(path)
        fitting = slid_over(state, own.channels) if isinstance(state, Convolution) and own is not None else None
        if state is not None:
            lab.explain(topic_of(state), fitting or state)
        if fitting is not None:
            lab.own.wanted.emit(own)

    def _on_read(self) -> None:
        """Show the page of the layer in the browser."""
        spec = LAYERS.get(tree.at(self._network(), self._paths()[0]).layer)
        if spec is not None:
            open_page(spec.docs_url)

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu)
        menu.popup(self._view.viewport().mapToGlobal(place))
