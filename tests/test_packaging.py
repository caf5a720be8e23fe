"""The wheel, installed without the checkout, is the whole program."""

import ast
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
UV = os.environ.get("UV", "uv")  # `uv run` says where it lies
LINUX_DESKTOP = {"DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    cache = {"UV_CACHE_DIR": str(tmp_path_factory.mktemp("uv"))}  # not in the folders that the leak fixture looks at
    done = subprocess.run(
        [UV, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)],
        env={**os.environ, **cache},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the wheel; only the libraries are this one's, so that they load only once.

    Folders added by a .pth file come after the environment's own, and their .pth files are not read: the checkout,
    which is installed here by such a file, is not to be seen.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = subprocess.run(
        [UV, "pip", "install", "--quiet", "--no-deps", "--offline", "--python", str(python), str(wheel)],
        env={**os.environ, "UV_CACHE_DIR": str(tmp_path_factory.mktemp("uv"))},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    places = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True
    )
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(places.stdout.strip()) / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working directory that is not the checkout."""
    return tmp_path


def command(installed: Path) -> str:
    return str(installed / ("Scripts/playground.exe" if os.name == "nt" else "bin/playground"))


def environment(folder: Path, **more: str) -> dict[str, str]:
    home = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    kept = {key: value for key, value in os.environ.items() if key not in {*LINUX_DESKTOP, "PYTHONPATH"}}
    return {**kept, **home, "HOME": str(folder), "NO_COLOR": "1", **more}


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command(installed), *arguments],
        cwd=folder,
        env=environment(folder, QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_holds_every_resource_and_no_test(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"playground/resources/{path.relative_to(RESOURCES).as_posix()}" for path in RESOURCES.rglob("*.*")
        if path.is_file()
    }  # fmt: skip
    assert {Path(name).suffix for name in wanted} >= {".svg", ".otf", ".ttf", ".json", ".playground"}
    assert wanted <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_the_fonts_come_with_their_licence():
    fonts = RESOURCES / "fonts"
    families = {path.stem.partition("-")[0] for path in fonts.glob("*.[ot]tf")}
    assert families == {"Inter", "JetBrainsMono"}
    for family in families:
        assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / f"OFL-{family}.txt").read_text()
    assert all(path.stat().st_size < 200_000 for path in fonts.iterdir())


def test_every_icon_that_the_program_names_is_there_and_follows_the_theme():
    named = set()
    for path in (ROOT / "playground").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [keyword.value for keyword in node.keywords if keyword.arg == "icon"]
                given += node.args[:1] if function in ("icon", "pixmap") else []
                named |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    icons = {path.stem: path.read_text() for path in (RESOURCES / "icons").glob("*.svg")}
    assert {"convolution", "search"} <= named <= set(icons)
    del icons["playground"]  # the mark of the program has its own colours
    for name, text in icons.items():
        assert "currentColor" in text, name
        assert "#" not in text, f"{name} has a colour of its own"


def test_the_installed_program_is_not_the_checkout(installed: Path, elsewhere: Path):
    python = Path(command(installed)).with_name("python")
    program = "import playground; from playground.disk import resources; print(playground.__file__, resources.root())"
    done = subprocess.run(
        [str(python), "-c", program], cwd=elsewhere, env=environment(elsewhere), capture_output=True, text=True
    )
    package, resources = done.stdout.split()
    assert installed in Path(package).parents
    assert installed in Path(resources).parents


def test_the_installed_command_lists_the_presets(installed: Path, elsewhere: Path):
    done = run(installed, elsewhere, "presets", "--json")
    assert done.returncode == 0, done.stderr
    for path in (RESOURCES / "presets").glob("*.playground"):
        assert path.stem in done.stdout
    json.loads(done.stdout)


def test_the_installed_command_checks_a_preset(installed: Path, elsewhere: Path):
    done = run(installed, elsewhere, "check", "preset:lenet-digits", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert sum(row["parameters"] for row in rows) == 81_194
    assert rows[-1]["output_shape"] == [10]


def test_the_installed_window_opens_trains_and_leaves_no_process(installed: Path, elsewhere: Path):
    """As the command starts it: the window, its engine and its resources, all out of the wheel."""
    program = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
import playground.app
from playground.disk import resources
from playground.window.main_window import MainWindow

seen = []

def look():
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    training = window.session.training
    training.start()
    deadline = time.monotonic() + 60
    while len(training.history.losses) <= 20 and time.monotonic() < deadline:
        QTest.qWait(50)
    seen.append((window.isVisible(), len(training.history.losses) > 20, resources.path("icons", "play.svg").is_file()))
    window.close()

loop = QApplication.exec

def watched_loop(*_application):  # no timer runs before Qt's loop does
    QTimer.singleShot(500, look)
    return loop()

QApplication.exec = watched_loop
status = playground.app.run_window(None)
assert seen == [(True, True, True)], seen
sys.exit(status)
"""
    python = Path(command(installed)).with_name("python")
    done = subprocess.run(
        [str(python), "-c", program],
        cwd=elsewhere,
        env=environment(elsewhere, QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    left = [
        one for one in psutil.process_iter(["cmdline"]) if (one.info["cmdline"] or [""])[0].startswith(str(installed))
    ]
    assert not psutil.wait_procs(left, timeout=2)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":9999"}])
def test_without_a_display_the_installed_command_says_one_line(installed: Path, elsewhere: Path, display):
    variables = environment(elsewhere, **display)
    variables.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [command(installed)], cwd=elsewhere, env=variables, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
