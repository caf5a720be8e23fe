"""What the network says of one sample of the test part, or of a drawing.

options: sample, an index or DRAWING
arrays: input (channels, height, width) or (values,);  output (classes,);  probabilities (classes,), of the recipe's
    loss (softmax where none is known); empty for regression, and where the output is not one value a class
facts: label, what is right, None of a drawing;  prediction, the class with the largest output (for regression the
    number), None where the output is not one value a class;  total, the number of test samples
"""

from collections.abc import Mapping
from typing import Any

import torch

from playground.engine.probes._probe import Probe, ProbeContext, Reading


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    sample = context.sample(options)
    output = context.output(sample)
    target = context.data.test_targets[sample] if isinstance(sample, int) else None
    classes = len(context.data.classes)
    prediction: int | float | None = float(output[0])
    probabilities = torch.empty(0)
    if classes:
        fits = output.numel() == classes  # while a network is being built it may not
        prediction = int(output.argmax()) if fits else None
        if fits:
            probabilities = context.loss.probabilities(output) if context.loss else output.softmax(-1)
    return Reading(
        {"input": context.input(sample), "output": output, "probabilities": probabilities},
        {
            "label": None if target is None else int(target) if classes else float(target.reshape(-1)[0]),
            "prediction": prediction,
            "total": context.data.size("test"),
        },
    )


PREDICTION = Probe("prediction", _read)
