"""The runner's books: what watching costs, and when the next frame may be made.

After a frame that cost c seconds, the next waits c / share seconds, so watching takes at most that share of the
running time, whatever is watched. The rate of frames is what results. At less than full speed the runner would have
waited anyway: a frame that fits into the wait costs nothing.
"""

import time
from collections import deque
from collections.abc import Callable
from statistics import fmean

SHARE = 0.02
MOST_PER_SECOND = 60.0
_REMEMBERED = 5
_FIRST_GUESS_S = 0.001


class Books:
    """share: of the running time that watching may take;  clock: seconds, for tests"""

    def __init__(
        self,
        share: float = SHARE,
        most_per_second: float = MOST_PER_SECOND,
        clock: Callable[[], float] = time.perf_counter,
    ):
        self._share, self._gap = share, 1 / most_per_second
        self._clock = clock
        # a mean of the last few: each is waited for in full, but one slow frame does not blind the window for seconds
        self._costs = deque([_FIRST_GUESS_S, _FIRST_GUESS_S], maxlen=_REMEMBERED)
        self._frames: deque[float] = deque(maxlen=30)
        self._next = 0.0
        self._spent = self._ran = 0.0
        self._since: float | None = None

    def due(self) -> bool:
        """Whether the next frame may be made now."""
        return self._clock() >= self._next

    def charge(self, seconds: float, idle: float = 0.0) -> None:
        """Write down what a frame has cost. Only frames of a running training count as watching.

        idle: seconds that the runner would have waited otherwise; none where it is late
        """
        now, cost = self._clock(), max(0.0, seconds - max(0.0, idle))
        self._costs.append(cost)
        self._frames.append(now)
        self._next = now + max(self._gap - seconds, fmean(self._costs) * (1 / self._share - 1))
        if self._since is not None:
            self._spent += cost

    def add(self, seconds: float) -> None:
        """A cost that sets no pace: it was made for somebody who draws, and has books of its own."""
        if self._since is not None:
            self._spent += seconds

    def run(self, running: bool) -> None:
        """Start or stop the clock of running time. While it stands, a frame may be made at any time."""
        now = self._clock()
        if running and self._since is None:
            self._since = now
        elif not running and self._since is not None:
            self._ran += now - self._since
            self._since = None

    @property
    def ran(self) -> float:
        """Seconds of running time."""
        return self._ran + (self._clock() - self._since if self._since is not None else 0.0)

    @property
    def watching(self) -> float:
        """Share of the running time that was spent on frames."""
        return self._spent / self.ran if self.ran > 0 else 0.0

    @property
    def frames_per_second(self) -> float:
        """Rate of the last 30 frames at most."""
        if len(self._frames) < 2 or self._frames[-1] <= self._frames[0]:
            return 0.0
        return (len(self._frames) - 1) / (self._frames[-1] - self._frames[0])
