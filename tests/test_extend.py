"""The README's "Extend" section holds: its very texts, added to a copy of the package, are all that it takes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PROJECT = {
    "format": "torch-playground",
    "version": 1,
    "data": {"dataset": "galaxy"},
    "network": [
        {"layer": "Linear", "out_features": 16},
        {"layer": "Mish"},
        {"layer": "Linear", "out_features": 2},
    ],
    "recipe": {"optimizer": {"SGD": {"lr": 0.1}}, "epochs": 1},
}


def shown_files() -> dict[str, str]:
    """path -> text of every file that the section shows: a path alone at the end of a line, then its code."""
    section = README.read_text(encoding="utf-8").partition("\n## Extend\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"`(playground/[\w/]+\.py)`:\n\n```python\n(.*?)```", section, re.DOTALL))


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package to which the section's files were added, and nothing else."""
    folder = tmp_path_factory.mktemp("extended")
    copytree(ROOT / "playground", folder / "playground", ignore=ignore_patterns("__pycache__"))
    copytree(ROOT / "resources", folder / "resources")
    (folder / "galaxy.playground").write_text(json.dumps(PROJECT))
    for name, text in shown_files().items():
        assert not (folder / name).exists(), f"{name} is part of the program: the section must show something new"
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_program_has_nothing_of_what_the_section_adds(extended: Path):
    """The first of a name is the one that counts: of a name that is known already, the shown file would do nothing."""
    from playground.core.datasets import DATASETS
    from playground.core.layers import LAYERS

    shown = "\n".join(shown_files().values())
    names = re.findall(r"(?:LayerSpec|DatasetSpec)\(\s*name=\"([\w-]+)\"", shown)
    assert len(names) == 2
    assert not set(names) & {*LAYERS, *DATASETS}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the folder, with its own copy of the package before any installed one."""
    home = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    environment = {**os.environ, **home, "PYTHONPATH": str(folder), "QT_QPA_PLATFORM": "offscreen", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=240
    )


def test_the_section_shows_a_layer_a_data_set_and_a_panel():
    folders = sorted(str(Path(name).parent) for name in shown_files())
    assert folders == [
        "playground/core/datasets",
        "playground/core/layers",
        "playground/engine/datasets",
        "playground/engine/probes",
        "playground/window/panels",
    ]


@pytest.mark.parametrize("name", shown_files())
def test_what_the_section_shows_follows_our_own_rules(name: str, extended: Path):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(extended / name)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout


def test_check_knows_the_added_layer_and_data_set(extended: Path):
    done = run(extended, "-m", "playground", "check", "galaxy.playground", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)
    assert [row["layer"] for row in rows] == ["Linear", "Mish", "Linear"]
    assert [row["output_shape"] for row in rows] == [[16], [16], [2]]
    assert [row["parameters"] for row in rows] == [2 * 16 + 16, 0, 16 * 2 + 2]


def test_train_reads_the_added_data_set(extended: Path):
    done = run(extended, "-m", "playground", "train", "galaxy.playground", "--device", "cpu", "--report", "report.json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((extended / "report.json").read_text())
    assert report["parameters"] == 82
    assert len(report["train_loss"]) == report["steps"] == 13  # 800 samples are left for training, 64 a step


def test_the_palette_has_the_layer_under_its_heading(extended: Path):
    program = (
        "from playground.core.layers import LAYERS, by_family, mish\n"
        "assert 'Mish' in [spec.name for spec in by_family()['Activation']]\n"
        "assert LAYERS['Mish'] is mish.MISH\n"
    )
    done = run(extended, "-c", program)
    assert done.returncode == 0, done.stderr


def test_the_window_opens_the_added_panel_and_it_shows_what_its_probe_saw(extended: Path):
    """A whole window, offscreen: the panel is among the docks, and says something before any run."""
    program = """
import sys
import time
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv)
from playground.core.registry import FAILURES
from playground.session.session import Session
from playground.window.main_window import MainWindow
from playground.window.panels import PANELS
session = Session()
session.start()
window = MainWindow(session)
window.show()
panel = next(one for one in window.findChildren(PANELS["weight_size"].make))
panel.show()
words = lambda: " ".join(label.text() for label in panel.findChildren(QLabel))
deadline = time.monotonic() + 60
while "‖w‖" not in words() and time.monotonic() < deadline:
    QTest.qWait(50)
assert "‖w‖" in words(), words()
assert not FAILURES, FAILURES
assert "torch" not in sys.modules
window.close()
session.close()
"""
    done = run(extended, "-c", program)
    assert done.returncode == 0, done.stdout + done.stderr
