"""What each figure may be. One entry a budget; a group's module measures it under its key."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Budget:
    """limit: what it must hold now;  goal: what it shall become, None where the limit is the goal.

    unit: "×" is a ratio;  better: whether larger or smaller values are better
    """

    what: str
    better: Literal["larger", "smaller"]
    limit: float
    goal: float | None = None
    unit: str = "×"

    def met(self, value: float) -> bool:
        return value >= self.limit if self.better == "larger" else value <= self.limit

    def reached(self, value: float) -> bool:
        goal = self.limit if self.goal is None else self.goal
        return value >= goal if self.better == "larger" else value <= goal


def at_least(what: str, limit: float, goal: float | None = None, unit: str = "×") -> Budget:
    return Budget(what, "larger", limit, goal, unit)


def at_most(what: str, limit: float, goal: float | None = None, unit: str = "×") -> Budget:
    return Budget(what, "smaller", limit, goal, unit)


# group (a module of this package) -> key -> budget
GROUPS: dict[str, dict[str, Budget]] = {
    "speed": {
        "live_headless_linear": at_least("live, every panel ÷ headless: linear", 0.92, 0.97),
        "live_headless_lenet": at_least("live, every panel ÷ headless: LeNet", 0.92, 0.97),
        "live_plain_linear": at_least("live, every panel ÷ plain loop: linear", 1.0, 1.3),
        "live_plain_lenet": at_least("live, every panel ÷ plain loop: LeNet", 1.0, 1.3),
        "tutorial_linear": at_least("live epoch ÷ tutorial's DataLoader loop: linear", 15, 25),
        "tutorial_lenet": at_least("live epoch ÷ tutorial's DataLoader loop: LeNet", 2, 3.5),
        "watching_linear": at_most("runner's share for probes and sends: linear", 3, 1, "%"),
        "watching_lenet": at_most("runner's share for probes and sends: LeNet", 3, 1, "%"),
    },
    "start": {
        "window_shown": at_most("window shown ÷ empty PySide6 + pyqtgraph window", 1.5, 1.2),
        "first_point": at_most("Train pressed → first loss point drawn, LeNet on digits", 1.0, 0.3, "s"),
        "stopped": at_most("Stop pressed → stopped, LeNet", 0.3, None, "s"),
    },
    "memory": {
        "window_memory": at_most("memory of the window ÷ empty window, while LeNet trains", 1.6),
        "runner_memory": at_most("runner − (import torch + data), while LeNet trains", 150, None, "MB"),
    },
    "drawing": {
        # milliseconds of the machine that the budgets were set on: pace.py
        "busy": at_most("window's thread busy for one full frame, 10⁶ steps", 16, 8, "ms"),
        "busy_rooms": at_most("window's thread busy for one frame, in the busiest other room", 16, 8, "ms"),
        "redraw": at_most("loss plot's redraw at 10⁶ ÷ at 10³ steps", 1.5, 1.1),
        "blocked": at_most("window's thread blocked at the longest, a run with edits", 50, 16, "ms"),
    },
    "editing": {
        "edit_lenet_idle": at_most("edit → shapes: LeNet, idle", 30, 10, "ms"),
        "edit_deep_idle": at_most("edit → shapes: one edit in 150 layers, idle", 150, 30, "ms"),
        "edit_lenet_run": at_most("edit → shapes: LeNet, beside a run", 30, 10, "ms"),
        "edit_deep_run": at_most("edit → shapes: one edit in 150 layers, beside a run", 150, 30, "ms"),
        "edited_lenet": at_least("a run beside edits ÷ the run alone: LeNet", 0.9, 0.97),
        "edited_deep": at_least("a run beside edits ÷ the run alone: 150 layers", 0.9, 0.97),
        "dragging": at_most("dragging over 150 rows: window's thread per move, painted", 16.7, 8, "ms"),
    },
    "lab": {
        "lab_cell": at_most("a number typed into a cell → all that share it shown (p95)", 33, None, "ms"),
        "lab_busy": at_most("the same: window's thread busy", 16, 8, "ms"),
        "lab_tangent": at_most("a tangent dragged → three tangents and their numbers painted (p95)", 33, None, "ms"),
        "lab_rate": at_most("a learning rate turned → the path of 20 steps painted (p95)", 33, None, "ms"),
        "lab_neuron": at_most("a neuron's slider dragged → neuron and slopes painted (p95)", 33, None, "ms"),
        "lab_line": at_most("a line dragged → line and numbers of 60 steps painted (p95)", 33, None, "ms"),
        "lab_softmax": at_most("a score dragged → shares and losses painted (p95)", 33, None, "ms"),
        "lab_tangent_run": at_most("a tangent, beside a run (p95)", 33, None, "ms"),
        "lab_rate_run": at_most("a learning rate, beside a run (p95)", 33, None, "ms"),
        "lab_neuron_run": at_most("a neuron's slider, beside a run (p95)", 33, None, "ms"),
        "lab_line_run": at_most("a line, beside a run (p95)", 33, None, "ms"),
        "lab_softmax_run": at_most("a score, beside a run (p95)", 33, None, "ms"),
        "lab_tangent_beside": at_least("a run beside a dragged tangent ÷ the run alone", 0.9, 0.97),
        "lab_neuron_beside": at_least("a run beside a neuron's slider ÷ the run alone", 0.9, 0.97),
    },
    "convolution": {
        "kernel_idle": at_most("a cell of a kernel dragged → map painted, idle", 33, 16, "ms"),
        "kernel_run": at_most("a cell of a kernel dragged → map painted, beside a run", 33, 16, "ms"),
        "kernel_beside": at_least("a run beside a dragged kernel ÷ the run alone", 0.9, 0.97),
    },
    "canvas": {
        "canvas_idle": at_most("a pen dragged on the canvas → probabilities painted (p95), idle", 33, 16, "ms"),
        "canvas_run": at_most("a pen dragged on the canvas → probabilities painted (p95), run", 33, 16, "ms"),
        "canvas_beside": at_least("a run beside a dragged pen ÷ the run alone", 0.9, 0.97),
    },
    "data": {
        "raw": at_most("Fashion-MNIST: raw files → first batch", 1.0, None, "s"),
        "cached": at_most("Fashion-MNIST: our cache → first batch", 0.2, None, "s"),
    },
}
