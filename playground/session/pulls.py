"""The frames that a runner owes: it answers each pull with one."""

from playground.core.messages import Frame, State, Watch
from playground.core.problem import Fault


class Pulls:
    """owed: pulls that no frame has answered yet;  about: what the last one asked to see"""

    def __init__(self) -> None:
        self.owed = 0
        self.about: tuple[Watch, ...] = ()
        self._of_before = 0
        self._fault: Fault | None = None

    def asked(self, about: tuple[Watch, ...]) -> None:
        self.owed, self.about = self.owed + 1, about

    def answered(self) -> None:
        self.owed = max(0, self.owed - 1)

    def begin_run(self, fault: Fault | None) -> None:
        """What is owed now was asked of the run before. fault: of that one"""
        self._of_before, self._fault = self.owed, fault

    def is_of_before(self, frame: Frame, state: State, is_active: bool) -> bool:
        """Whether a frame tells the end of the run before, and crossed the order to start this one. To be asked once.

        state: of this run;  is_active: whether the frame is of a run on its way
        """
        owed, self._of_before = self._of_before, max(0, self._of_before - 1)
        return owed > 0 and state == "preparing" and not is_active and frame.fault == self._fault

    def lose(self) -> None:
        """The runner is gone."""
        self.owed, self._of_before, self._fault = 0, 0, None
