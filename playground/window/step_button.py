"""The button for one step or one epoch: whichever was chosen last in the menu beside it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from playground.core.text import _
from playground.session.session import Session
from playground.window import icons
from playground.window.theme import theme

SETTING = "run/step_by"  # "step" or "epoch"
_NARROW = 20  # px of the button with the menu


class StepButton(QWidget):
    """button: does it, and wears its name;  more: opens the menu. Which of both it does is a setting.

    step, epoch: the actions of both, which the menu shows
    """

    def __init__(self, session: Session, step: QAction, epoch: QAction) -> None:
        super().__init__()
        self._session = session
        self._actions = {"step": step, "epoch": epoch}
        self._with_words, self._reason = True, ""
        self.button, self.more = QPushButton(), QToolButton()
        self.button.setProperty("joined", "left")
        self.more.setProperty("joined", "right")
        self.button.clicked.connect(lambda _checked=False: self._actions[self.does].trigger())
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(_("One step or one epoch"))
        self.more.setAccessibleName(_("One step or one epoch"))
        self._menu = QMenu(self.more)
        for name, action in self._actions.items():
            # one of its own: the keys of the other are no choice
            choice = self._menu.addAction(f"{action.text()}\t{_keys_of(action)}")
            choice.triggered.connect(lambda _checked=False, name=name: self._choose(name))
        self.more.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        self.dress()

    @property
    def does(self) -> str:
        """ "step" or "epoch" """
        return "epoch" if self._session.settings.get(SETTING, "step") == "epoch" else "step"

    @property
    def menu(self) -> QMenu:
        return self._menu

    def allow(self, allowed: bool, reason: str) -> None:
        """reason: why nothing can be trained; "" where there is none"""
        self._reason = reason
        for button in (self.button, self.more):
            button.setEnabled(allowed)
        for action in self._actions.values():
            action.setEnabled(allowed)
        self._say()

    def show_words(self, shown: bool) -> None:
        """Without them, the icon is all."""
        self._with_words = shown
        self._say()

    def dress(self) -> None:
        """Take the colours and sizes of the theme."""
        self.more.setIcon(icons.icon("chevron-down", "text_secondary"))
        self.more.setFixedSize(round(_NARROW * theme().text_scale), theme().size("hit_min"))
        self._say()

    def _say(self) -> None:
        by_epoch = self.does == "epoch"
        words = _("Epoch") if by_epoch else _("Step")
        tip = _("To the end of the epoch, then pause") if by_epoch else _("One step, then pause")
        self.button.setIcon(icons.icon("step-epoch" if by_epoch else "step"))
        self.button.setText(words if self._with_words else "")
        self.updateGeometry()  # whoever lays it out asks at once for its new width
        self.button.setAccessibleName(words)
        self.button.setToolTip(f"{self._reason or tip} ({_keys_of(self._actions[self.does])})")

    def _choose(self, name: str) -> None:
        self._session.settings.set(SETTING, name)
        self._say()
        self._actions[name].trigger()


def _keys_of(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
