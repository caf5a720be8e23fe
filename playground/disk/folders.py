"""Where things are kept, by the habits of the system (platformdirs; XDG variables count on Linux)."""

from pathlib import Path

import platformdirs

NAME = "torch-playground"


def data() -> Path:
    """What the user would miss: runs, autosaved projects, downloaded data sets."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def datasets() -> Path:
    """Downloaded data sets, one folder each, in the layout that torchvision uses."""
    return data() / "datasets"


def runs() -> Path:
    return data() / "runs"


def cache() -> Path:
    """What can be made again: decoded data sets, timings."""
    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def config() -> Path:
    return Path(platformdirs.user_config_dir(NAME, appauthor=False))


def log() -> Path:
    return Path(platformdirs.user_log_dir(NAME, appauthor=False)) / "playground.log"


def made(folder: Path) -> Path:
    """The folder, made where it was not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
