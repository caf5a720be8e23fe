"""Pictures for people: `python -m tests.e2e.shots [FOLDER]` (default: `shots`).

The whole window at two sizes, a network that does not fit, and each panel alone: before a run, while it runs and at its
end; each in the light and in the dark theme. `--readme` also renews those in `docs/pictures`, which the README shows.
"""

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from playground.core import edit
from playground.disk import folders, projects
from tests.e2e.stage import empty_home, rest, wait, window_of
from tests.handwriting import DIGITS

THEMES = ("light", "dark")
SIZES = (QSize(1440, 900), QSize(1024, 700))
README = Path(__file__).resolve().parents[2] / "docs" / "pictures"
IN_README = {
    "welcome-1440x900-light.png": "welcome-light.png",
    "main-running-1440x900-light.png": "main-light.png",
    "main-running-1440x900-dark.png": "main-dark.png",
    "mismatch-1440x900-light.png": "mismatch-light.png",
}
PROJECT = "preset:lenet-digits"
RUNNING_STEPS = 250


def main() -> None:
    ask = argparse.ArgumentParser(prog="python -m tests.e2e.shots", description=__doc__.partition("\n\n")[0])
    ask.add_argument("folder", nargs="?", type=Path, default=Path("shots"))
    ask.add_argument("--readme", action="store_true", help="renew docs/pictures, too")
    asked = ask.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with empty_home():
        take_all(asked.folder)
    if asked.readme:
        README.mkdir(parents=True, exist_ok=True)
        for taken, kept in IN_README.items():
            shutil.copyfile(asked.folder / taken, README / kept)
    print(f"{len(list(asked.folder.glob('*.png')))} pictures in {asked.folder}")


def take_all(folder: Path) -> None:
    """One window and one run for all pictures, so that light and dark show the same numbers."""
    with window_of(projects.load(PROJECT), SIZES[0]) as window:
        session = window.session
        session.document.select(((0,),))
        rest(1500)  # the preview of the untrained network
        take(folder, window, "empty")
        take_welcome(folder, window)
        take_lessons(folder, window)
        take_data(folder, window)
        take_code(folder, window)
        take_devices(folder, window)
        session.training.set_speed(100)
        session.training.start()
        wait("some steps", lambda: len(session.training.history.losses) >= RUNNING_STEPS)
        session.training.pause()
        wait("the pause", lambda: session.training.state == "paused")
        take(folder, window, "running")
        take_step(folder, window)
        take_convolution(folder, window)
        take_drawing(folder, window)
        mismatch(folder, window)
        session.training.set_speed(None)
        session.training.resume()
        wait("the end", lambda: session.training.state == "finished")
        rest(800)
        take(folder, window, "finished")
        take_results(folder, window)
        take_runs(folder, window)


def take_welcome(folder: Path, window: Any) -> None:
    """The page that the program begins with, with some projects that were saved before."""
    home = folders.made(folders.data() / "lessons")
    for name, preset in (("homework-3", "softmax-iris"), ("spirals-wide", "mlp-spirals")):
        projects.save(projects.load(f"preset:{preset}"), home / f"{name}.playground")
        window.session.settings.add_recent(home / f"{name}.playground")
    window.front.open()
    for size in SIZES:
        window.resize(size)
        rest(600)
        in_both_themes(window, lambda theme, size=size: save(window, folder / f"welcome-{words(size)}-{theme}.png"))
    window.resize(SIZES[0])
    window.front.leave()
    rest(400)


def take_lessons(folder: Path, window: Any) -> None:
    """Every lesson beside its page, and the list of all."""
    session = window.session
    wait("the lessons", lambda: bool(session.lessons.all))
    for name in ["", *(lesson.name for lesson in session.lessons.all)]:
        window.lessons.open_name(name)
        rest(1200)
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, name: str = name, size: QSize = size) -> None:
                save(window, folder / f"lesson-{name or 'list'}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    window.lessons.close()
    session.document.new(projects.load(PROJECT), "lenet-digits")
    window.resize(SIZES[0])
    window.enter("training")
    rest(400)


def take_data(folder: Path, window: Any) -> None:
    """Every page of the data room."""
    from playground.window.data.room import PAGES

    window.enter("data")
    panel = window.rooms.area("data").docks[0].panel
    for page in PAGES:
        panel.show_page(page)
        wait(f"the page {page}", lambda: window.session.looking.survey() is not None)
        rest(800)
        if panel.room.name != page:
            continue  # these data have no such page
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, page: str = page, size: QSize = size) -> None:
                save(window, folder / f"data-{page}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    window.resize(SIZES[0])
    window.enter("training")
    rest(400)


def take_code(folder: Path, window: Any) -> None:
    """The script in every style, and what is left of it while the network does not fit."""
    from playground.core.code import STYLES

    document, scripts = window.session.document, window.session.scripts
    window.enter("code")
    for name in (*STYLES, "misfit"):
        if name == "misfit":
            scripts.choose(next(iter(STYLES)))
            wait("the script", lambda: scripts.is_current)
            document.apply(edit.SetArgument((7,), "in_features", 576), edit.SetArgument((3,), "kernel_size", 5))
        else:
            scripts.choose(name)
        wait(f"the script {name}", lambda: scripts.is_current)
        rest(1200)  # the colours, and the end of what flashes
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, name: str = name, size: QSize = size) -> None:
                save(window, folder / f"code-{name}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    document.undo_stack.undo()
    document.select(((0,),))
    window.resize(SIZES[0])
    window.enter("training")
    wait("the undo", lambda: not any(row.error for row in window.session.client.report.rows))
    rest(400)


def take_step(folder: Path, window: Any) -> None:
    """Every stage of the step that comes next, and what comes of mistakes. A run is paused."""
    from playground.window.panels.step import STAGES

    window.enter("step")
    panel = window.rooms.area("step").docks[0].panel
    wait("the step", lambda: not panel.walk.isHidden())
    for place, name in enumerate((*STAGES, "mistakes")):
        panel.go(min(place, len(STAGES) - 1))
        if name == "mistakes":
            for box in (panel.mistakes.skip, panel.mistakes.forget):
                box.click()
            wait("what comes of them", lambda: not panel.mistakes.training.isHidden())
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, name: str = name, size: QSize = size) -> None:
                save(window, folder / f"step-{name}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    for box in (panel.mistakes.skip, panel.mistakes.forget):
        box.click()
    window.resize(SIZES[0])
    window.enter("training")
    rest(400)


def take_drawing(folder: Path, window: Any) -> None:
    """A digit that is drawn, before what the network makes of it; and the canvas beside a convolution."""
    window.enter("draw")
    drawing, panel = window.session.drawing, window.rooms.area("draw").docks[0].panel
    wait("the canvas", lambda: drawing.fitted is not None)
    for first, *points in DIGITS[5]:
        drawing.begin(*first, panel.page.canvas.pen)
        for point in points:
            drawing.move(*point)
        drawing.end()
    wait("the answer", lambda: not drawing.is_busy and panel.page.bars.shares.size > 0)
    whole(folder, window, "draw")
    window.enter("convolution")
    room = window.rooms.area("convolution").docks[0].panel.room
    wait("its map", lambda: not room.stage.isHidden() and not room.sliding.is_busy)
    whole(folder, window, "convolution-canvas")
    drawing.clear()
    window.session.document.set_sample(0)
    window.enter("training")
    rest(400)


def take_convolution(folder: Path, window: Any) -> None:
    """A filter of each convolution, what if, pooling, and painted kernels. A run is paused."""
    window.enter("convolution")
    room = window.rooms.area("convolution").docks[0].panel.room
    wait("the first map", lambda: not room.stage.isHidden())
    room.head.filters.chosen.emit(5)
    room.went.emit(0, 7, 17)
    whole(folder, window, "convolution-layer")
    room.what_if._all.click()
    room.what_if.field("padding").set_requested.emit(2)
    room.what_if.field("stride").set_requested.emit(2)
    room.what_if.field("dilation").set_requested.emit(2)
    room.went.emit(0, 0, 0)
    rest(500)
    whole(folder, window, "convolution-what-if")
    room.what_if.back.click()
    room.what_if._all.click()
    for name, path in (("channels", (3,)), ("pooling", (2,))):
        window.session.document.select((path,))
        wait(name, lambda: not room.stage.isHidden() and not room.sliding.is_busy)
        whole(folder, window, f"convolution-{name}")
    window.session.document.select(((0,),))
    room.head.modes.button("paint").click()
    wait("the kernel's map", lambda: not room.stage.isHidden())
    whole(folder, window, "convolution-paint")
    room.head.chain.click()
    wait("both maps", lambda: len(room.sliding.answer.maps) == 2)
    whole(folder, window, "convolution-two")
    room.head.chain.click()
    room.head.modes.button("layer").click()
    window.enter("training")
    rest(400)


def take_devices(folder: Path, window: Any) -> None:
    """The room of devices before a measurement, and what a short one has found."""
    comparison = window.session.comparison
    window.enter("devices")
    for name in ("empty", "measured"):
        if name == "measured":
            comparison.start(seconds=8.0)
            wait("the comparison", lambda: comparison.state == "done")
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, name: str = name, size: QSize = size) -> None:
                save(window, folder / f"devices-{name}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    window.resize(SIZES[0])
    window.enter("training")
    rest(400)


def take_results(folder: Path, window: Any) -> None:
    """What the finished run makes of the test part: its surest mistakes, and those of one cell."""
    evaluating = window.session.evaluating
    window.enter("results")
    wait("the result", lambda: evaluating.picture is not None and "confusion" in evaluating.picture.arrays)
    for name in ("mistakes", "cell"):
        if name == "cell":
            evaluating.choose_cell((9, 8))
        rest(800)
        for size in SIZES:
            window.resize(size)
            rest(400)

            def whole(theme: str, name: str = name, size: QSize = size) -> None:
                save(window, folder / f"results-{name}-{words(size)}-{theme}.png")

            in_both_themes(window, whole)
    window.resize(SIZES[0])
    window.enter("training")


def take_runs(folder: Path, window: Any) -> None:
    """The room of kept runs: none shown, a fork being made, and three of them over each other."""
    document, training, runs = window.session.document, window.session.training, window.session.run_list
    window.enter("runs")
    panel = window.rooms.area("runs").docks[0].panel
    document.apply(edit.SetRecipe({"optimizer": {"SGD": {"lr": 0.03, "momentum": 0.5}}, "epochs": 6}))
    training.start()
    wait("the second run", lambda: training.state == "finished" and len(runs.runs) == 2)
    rest(500)
    whole(folder, window, "runs-list")
    parent = runs.runs[0]
    runs.rename(parent, "momentum 0.5")
    panel.table.select([parent.folder], parent.folder)
    panel.fork.trigger()
    panel.strip.checkpoints.setCurrentIndex(panel.strip.checkpoints.count() // 2)
    document.apply(edit.SetRecipe({"optimizer": {"Adam": {}}, "epochs": 8}))
    rest(500)
    whole(folder, window, "runs-fork")
    panel.strip.train.click()
    wait("the fork", lambda: training.state == "finished" and len(runs.runs) == 3)
    panel.show_run(runs.runs[-1], True)
    panel.table.select([runs.runs[0].folder], runs.runs[0].folder)
    wait("the figures", lambda: len(panel._shown()) == 3)
    rest(500)
    whole(folder, window, "runs-compared")
    document.undo_stack.setIndex(0)
    window.enter("training")


def whole(folder: Path, window: Any, name: str) -> None:
    """The whole window at both sizes, in both themes."""
    for size in SIZES:
        window.resize(size)
        rest(400)

        def one(theme: str, size: QSize = size) -> None:
            save(window, folder / f"{name}-{words(size)}-{theme}.png")

        in_both_themes(window, one)
    window.resize(SIZES[0])
    rest(400)


def mismatch(folder: Path, window: Any) -> None:
    """A kernel made larger above a Linear whose in_features are pinned."""
    document, client = window.session.document, window.session.client
    document.apply(edit.SetArgument((7,), "in_features", 576), edit.SetArgument((3,), "kernel_size", 5))
    document.select(((3,),))
    wait("the error", lambda: any(row.error for row in client.report.rows))
    rest(800)
    in_both_themes(window, lambda theme: save(window, folder / f"mismatch-{words(SIZES[0])}-{theme}.png"))
    document.undo_stack.undo()
    document.select(((0,),))
    wait("the undo", lambda: not any(row.error for row in client.report.rows))


def take(folder: Path, window: Any, name: str) -> None:
    for size in SIZES:
        window.resize(size)
        rest(400)

        def whole(theme: str, size: QSize = size) -> None:
            save(window, folder / f"main-{name}-{words(size)}-{theme}.png")

        in_both_themes(window, whole)
    window.resize(SIZES[0])
    rest(400)
    in_both_themes(window, lambda theme: take_panels(folder, window, f"{name}-{theme}"))


def take_panels(folder: Path, window: Any, name: str) -> None:
    """Those of the rooms that were entered so far."""
    for area in window.rooms.areas:
        for dock in area.docks:
            save(dock.panel, folder / f"panel-{dock.spec.name}-{name}.png")


def in_both_themes(window: QWidget, take_one: Any) -> None:
    from playground.window.theme import theme

    for name in THEMES:
        theme().set(name)
        rest(300)
        take_one(name)
    theme().set(THEMES[0])


def save(widget: QWidget, path: Path) -> None:
    if not widget.grab().save(str(path)):
        raise OSError(f"{path} could not be written")


def words(size: QSize) -> str:
    return f"{size.width()}x{size.height()}"


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
