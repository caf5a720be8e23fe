"""`playground devices`: the list, and the comparison for programs and for people."""

import json

import pytest
import torch

from playground.cli.main import run
from playground.core.comparison import Comparison, Contender, Timing
from playground.engine import compare

CPU = Contender("cpu", 1, "the CPU with 1 thread", "CPU, 1 thread")
GPU = Contender("cuda:0", 1, "NVIDIA H100", "NVIDIA H100")
FOUND = Comparison(
    (CPU, GPU),
    (Timing(0, 1.0, 1, 1e-4), Timing(1, 1.0, 1, 1e-3), Timing(0, 1.0, 64, 6.4e-3), Timing(1, 1.0, 64, 1.1e-3),
     Timing(0, 8.0, 64, None, "it would take too long"), Timing(1, 8.0, 64, 2e-3)),
    64,
    ("Apple GPU (MPS): this is not a Mac.",),
)  # fmt: skip


@pytest.fixture
def measured(monkeypatch) -> list:
    asked: list = []

    def measure(project, *, seconds, progress):
        asked.append((project.data.dataset, seconds))
        progress(FOUND, 6, 6)
        return FOUND

    monkeypatch.setattr(compare, "compare", measure)
    return asked


def test_devices_are_listed_with_what_they_are(capsys):
    assert run(["devices", "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["cpu"]["usable"]
    assert found["cpu"]["refused"] == {}
    assert any(one["usable"] for name, one in found.items() if "cuda" in name) == torch.cuda.is_available()
    assert run(["devices"]) == 0
    said = capsys.readouterr().out
    assert all(one["title"] in said and one["reason"] in said for one in found.values())


def test_a_comparison_for_programs(capsys, measured):
    assert run(["devices", "preset:softmax-iris", "--compare", "--seconds", "3", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert measured == [("iris", 3.0)]
    assert facts["batch"] == 64
    assert facts["timings"][3] == {
        "device": "cuda:0", "threads": 1, "width": 1.0, "batch": 64, "seconds": 1.1e-3,
        "samples_per_second": pytest.approx(58_181.8), "reason": "",
    }  # fmt: skip
    assert facts["timings"][4]["seconds"] is None
    assert facts["sentences"]["batch"][0].startswith("From batch 64 on, NVIDIA H100 is faster")


def test_a_comparison_for_people(capsys, measured):
    assert run(["devices", "--compare"]) == 0
    said = capsys.readouterr().out
    assert "From batch 64 on, NVIDIA H100 is faster; below, the CPU with 1 thread is." in said
    assert "6.4 ms" in said
    assert "it would take too long" in said
    assert "Apple GPU (MPS): this is not a Mac." in said


def test_a_project_that_is_not_there_is_one_line(capsys):
    assert run(["devices", "--compare", "preset:nothing"]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
