"""The slopes that a run without a window leaves in its folder."""

import numpy as np
import pytest
import torch

from playground.disk import runs, slopes
from playground.engine.books import Books
from playground.engine.checkpoints import Keeper
from playground.engine.glances import Glances
from tests.engine.trainings import project, training


def taken():
    """A training to its end, with what its folder tells of the slopes."""
    one, folder = training(), runs.new_run(project(), "test")
    keeper = Keeper(folder, one)
    glances = Glances(one, keeper)
    while not one.finished:
        glances.advance()
    keeper.close("finished")
    return one, *slopes.read(folder)


def test_they_are_those_of_plain_pytorch_and_change_no_loss(monkeypatch):
    monkeypatch.setattr(Books, "due", lambda _books: True)
    one, layers, looks = taken()
    plain = training()
    for look in looks:
        while plain.evaluating:
            plain.advance()
        weights = [weight.detach().clone() for weight in plain.model.parameters()]
        plain.advance(observe=True)
        gradients = plain.observed.gradients
        moved = [after - before for after, before in zip(plain.model.parameters(), weights, strict=True)]
        names = dict(zip(gradients, zip(moved, weights, strict=True), strict=True))
        for place, layer in enumerate(layers):
            own = [name for name in names if name.startswith(f"{layer.path[0]}.")]
            norm = torch.cat([gradients[name].flatten() for name in own]).norm().item()
            move, size = (torch.cat([names[name][which].flatten() for name in own]).norm() for which in (0, 1))
            assert look.gradient_norm[place] == pytest.approx(norm, rel=1e-4)
            assert look.update_ratio[place] == pytest.approx((move / size).item(), rel=1e-4)
    while not plain.finished:
        plain.advance()
    assert [look.step for look in looks] == list(range(1, one.step + 1))
    assert one.losses == plain.losses
    assert one.observed is None


def test_a_run_that_is_over_at_once_has_those_of_its_last_step(monkeypatch):
    monkeypatch.setattr(Books, "due", lambda _books: False)
    one, _layers, looks = taken()
    assert [look.step for look in looks] == [one.step]
    assert np.isfinite(looks[0].gradient_norm).all()
