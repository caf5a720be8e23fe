"""Versions of what the program stands on, for logs and reports."""

import platform
from importlib.metadata import PackageNotFoundError, version

import playground

PACKAGES = ("torch", "torchvision", "numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph", "msgspec")


def versions() -> dict[str, str]:
    """Name -> version of Python, this program and its libraries; a library that is missing is left out."""
    found = {"python": platform.python_version(), "torch-playground": playground.__version__}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
