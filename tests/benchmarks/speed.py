"""How fast a watched run is: against the same loop unwatched, a plain loop, and a tutorial's.

Live is a whole window, offscreen at 1440×900, with every panel open. All of them take turns in one run of this program.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Self

import msgspec
from PySide6.QtCore import QSize

from playground.core.project import Project
from playground.disk import projects
from tests.benchmarks.measure import Asked, Measured, child, group_main, interleaved, ratio
from tests.benchmarks.turns import Live, Turn, headless, live_run, plain, plain_words
from tests.e2e.stage import empty_home

PRESETS = {"linear": "preset:softmax-fashion-mnist", "lenet": "preset:lenet-fashion-mnist"}
# An epoch of the linear network takes a quarter of a second, one of LeNet four; a run tells its file of them each second.
TURNS = {"linear": Turn(skipped=5, kept=5), "lenet": Turn(skipped=1, kept=1)}
ROUNDS = {"linear": 15, "lenet": 5}
LIVES = {"linear": 3, "lenet": 1}  # rounds after which all loops are started anew
MANY = 10_000  # epochs, more than there is time for
SIZE = QSize(1440, 900)


def measure(asked: Asked) -> Iterable[Measured]:
    with empty_home():
        for network, preset in PRESETS.items():
            yield from of_network(network, with_epochs(projects.load(preset), MANY), asked)


def of_network(network: str, project: Project, asked: Asked) -> Iterable[Measured]:
    rounds = 1 if asked.quick else ROUNDS[network]
    with Loops(network, project) as loops:
        measures = {name: lambda name=name: loops.seconds(name) for name in ("headless", "live", "plain")}
        values, null = interleaved(measures, "headless", rounds, ahead=loops.renew)
        live, facts = loops.live, loops.live.facts
        note = f"{facts.threads} thread, {facts.layout}, {live.frames_per_second:.0f} frames/s, {rounds} rounds"
        yield Measured(f"live_headless_{network}", ratio(values["headless"], values["live"]), null, note)
        yield Measured(f"live_plain_{network}", ratio(values["plain"], values["live"]), null, note)
        yield Measured(f"tutorial_{network}", *tutorial(network, live, asked))
        yield Measured(f"watching_{network}", 100 * live.share, None, note)


class Loops:
    """A watched run, an unwatched one and the plain loop, each in a process of its own.

    They are started anew every few rounds: which memory a process happens to get makes it up to a fifth slower or faster
    than the next one with the same program, for as long as it lives.
    """

    def __init__(self, network: str, project: Project) -> None:
        self._network, self._project = network, project
        self._rounds = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stack.close()

    def renew(self) -> None:
        """To be called before each round."""
        if self._rounds % LIVES[self._network] == 0:
            self._stack.close()
            self.live = self._stack.enter_context(live_run(self._project, SIZE))
            threads, layout = self.live.facts.threads, self.live.facts.layout
            self._loops = {
                "live": self.live,
                "headless": self._stack.enter_context(headless(self._project, threads, layout)),
                "plain": self._stack.enter_context(plain(self._network, threads, layout, MANY)),
            }
        self._rounds += 1

    def seconds(self, name: str) -> float:
        """Of an epoch, in a turn of this loop."""
        return self._loops[name].seconds(TURNS[self._network])


def tutorial(network: str, live: Live, asked: Asked) -> tuple[float, float, str]:
    """The tutorial's loop ÷ ours, a null pair of the tutorial's, and a note. It takes most of the time, and its ratio is the
    furthest from its budget, so it runs twice at most."""
    words = plain_words("tutorial", network, live.facts.threads, live.facts.layout, 1)
    pairs = [(float(child(*words)["seconds"]), live.seconds(TURNS[network])) for _round in range(min(2, asked.rounds))]
    slow, fast = zip(*pairs, strict=True)
    return ratio(slow, fast), slow[-1] / slow[0], f"{len(pairs)} rounds"


def with_epochs(project: Project, epochs: int) -> Project:
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=epochs))


if __name__ == "__main__":
    group_main(measure)
