"""How fast a watched run is: against the same loop unwatched, a plain loop, and a tutorial's.

Live is a whole window, offscreen at 1440×900, with every panel open. All of them take turns in one run of this program.
"""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QSize

from playground.core.project import Project
from playground.disk import projects
from tests.benchmarks.measure import Asked, Measured, child, group_main, interleaved, ratio
from tests.benchmarks.turns import Live, Turn, headless, plain, plain_words
from tests.e2e.stage import empty_home, wait, window_of

PRESETS = {"linear": "preset:softmax-fashion-mnist", "lenet": "preset:lenet-fashion-mnist"}
# An epoch of the linear network takes a quarter of a second, one of LeNet four; a run tells its file of them each second.
TURNS = {"linear": Turn(skipped=5, kept=5), "lenet": Turn(skipped=1, kept=1)}
ROUNDS = {"linear": 5, "lenet": 2}  # for each that is asked for
MANY = 10_000  # epochs, more than there is time for
SIZE = QSize(1440, 900)


def measure(asked: Asked) -> Iterable[Measured]:
    with empty_home():
        for network, preset in PRESETS.items():
            yield from of_network(network, with_epochs(projects.load(preset), MANY), asked)


def of_network(network: str, project: Project, asked: Asked) -> Iterable[Measured]:
    turn, rounds = TURNS[network], ROUNDS[network] * asked.rounds if not asked.quick else 1
    with window_of(project, SIZE) as window:
        live = Live(window)
        live.seconds(turn)  # fills the caches, and tells which threads and layout were chosen
        threads, layout = live.facts.threads, live.facts.layout
        with headless(project, threads, layout) as unwatched, plain(network, threads, layout, MANY) as loop:
            loops = {"headless": unwatched, "live": live, "plain": loop}
            measures = {name: lambda one=one: one.seconds(turn) for name, one in loops.items()}
            for warm_up in measures.values():
                warm_up()
            values, null = interleaved(measures, "headless", rounds, ratio)
        note = f"{threads} thread, {layout}, {live.frames_per_second:.0f} frames/s, {rounds} rounds"
        yield Measured(f"live_headless_{network}", ratio(values["headless"], values["live"]), null, note)
        yield Measured(f"live_plain_{network}", ratio(values["plain"], values["live"]), null, note)
        yield Measured(f"tutorial_{network}", *tutorial(network, live, turn, asked))
        yield Measured(f"watching_{network}", 100 * live.share, None, note)
        training = window.session.training
        training.stop()
        wait("it has stopped", lambda: training.state in ("idle", "finished"))


def tutorial(network: str, live: Live, turn: Turn, asked: Asked) -> tuple[float, float, str]:
    """The tutorial's loop ÷ ours, a null pair of the tutorial's, and a note. It takes most of the time, and its ratio is the
    furthest from its budget, so it runs twice at most."""
    words = plain_words("tutorial", network, live.facts.threads, live.facts.layout, 1)
    pairs = [(float(child(*words)["seconds"]), live.seconds(turn)) for _round in range(min(2, asked.rounds))]
    slow, fast = zip(*pairs, strict=True)
    return ratio(slow, fast), slow[-1] / slow[0], f"{len(pairs)} rounds"


def with_epochs(project: Project, epochs: int) -> Project:
    return msgspec.structs.replace(project, recipe=msgspec.structs.replace(project.recipe, epochs=epochs))


if __name__ == "__main__":
    group_main(measure)
