"""Who may import whom, how long a file may be, and that what people read can be translated."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "playground"
MAX_LINES = 400
MARKUP = re.compile(r"<[^>]*>|&\w+;")
# Calls whose first text a person reads. A widget's object name, a property or a format string is none.
SHOWING = {
    "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setStatusTip", "setAccessibleName",
    "setAccessibleDescription", "setSuffix", "setPrefix", "addAction", "addMenu", "addItem", "QLabel", "QPushButton",
    "QCheckBox", "QRadioButton", "QAction", "QDockWidget",
}  # fmt: skip
# One import for each contract of pyproject.toml that must break it.
FORBIDDEN = {
    "only the engine imports torch": ("window/theme.py", "import torch"),
    "the core imports the standard library and msgspec": ("core/layer.py", "import numpy"),
    "the engine and the command line know no Qt": ("engine/randomness.py", "import PySide6"),
    "the session has no widgets and no engine": ("window/theme.py", "from playground.engine import randomness"),
    "the session does not know the window": ("session/__init__.py", "import playground.window.theme"),
}


def test_the_rooms_import_only_what_they_may():
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_an_import_that_must_break_it():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == set(FORBIDDEN)


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(contract: str, tmp_path: Path):
    copytree(PACKAGE, tmp_path / "playground", ignore=ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    name, line = FORBIDDEN[contract]
    path = tmp_path / "playground" / name
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    done = _lint(tmp_path)

    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the package in a folder, that one and not the installed one."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_core_needs_only_the_standard_library_and_msgspec():
    allowed = {*sys.stdlib_module_names, "msgspec"}
    for path in _files("core"):
        strange = {name for name in _imports(path) if name.partition(".")[0] not in allowed}
        assert all(name.startswith("playground.core") for name in strange), f"{path}: {strange}"


def test_the_session_has_no_widgets():
    for path in _files("session"):
        assert not {name for name in _imports(path) if name.startswith("PySide6.QtWidgets")}, path


@pytest.mark.parametrize("command", ["presets", "data list", "info --help", "train --help"])
def test_the_command_line_never_loads_qt(command: str):
    """In a process of its own: what runs there is what a user's shell runs."""
    program = (
        "import sys\n"
        "from playground.__main__ import main\n"
        f"sys.argv = ['playground', *{command.split()!r}]\n"
        "try:\n"
        "    status = main()\n"
        "except SystemExit as ended:\n"
        "    status = ended.code\n"
        "assert not status, status\n"
        "loaded = [name for name in ('PySide6', 'pyqtgraph') if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("words", ["--help", "presets", "train --help"])
def test_help_and_lists_come_without_torch(words: str):
    program = (
        "import sys\nfrom playground.__main__ import main\n"
        f"sys.argv = ['playground', *{words.split()!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    sys.stdout.flush()\n"
        "assert 'torch' not in sys.modules and 'sklearn' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_window_loads_without_torch():
    program = (
        "import sys\n"
        "from playground.window.panels import PANELS\n"
        "import playground.app, playground.window.main_window\n"
        "assert PANELS\n"
        "loaded = [name for name in ('torch', 'torchvision', 'sklearn', 'playground.engine') if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["playground", "tests"])
def test_no_file_is_too_long_to_be_read(folder: str):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert not long


def test_every_text_that_a_widget_shows_can_be_translated():
    bare = [f"{path.relative_to(ROOT)}:{line}: {text}" for path in _files("window") for line, text in _bare_texts(path)]
    assert not bare


def test_a_bare_text_is_found(tmp_path: Path):
    path = tmp_path / "widget.py"
    path.write_text(
        'label.setText("Loss")\nlabel.setText(_("Loss"))\nlabel.setText("<b>×</b>")\nQLabel(f"{n} layers")\n'
    )
    assert list(_bare_texts(path)) == [(1, "Loss"), (4, " layers")]


def _bare_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Words written straight into a call that shows them. Signs, numbers and lone letters are the same everywhere."""
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in SHOWING:
            continue
        for argument in node.args:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            for part in parts:
                text = part.value if isinstance(part, ast.Constant) else None
                if isinstance(text, str) and sum(letter.isalpha() for letter in MARKUP.sub("", text)) > 1:
                    yield node.lineno, text


def _files(room: str) -> list[Path]:
    found = sorted((PACKAGE / room).rglob("*.py"))
    assert found
    return found


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_nobody_asks_a_layout_for_its_items():
    """See `window/layouts.py`: their wrappers outlive them."""
    asking = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (PACKAGE / "window").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("itemAt", "takeAt")
    ]
    assert asking == []
