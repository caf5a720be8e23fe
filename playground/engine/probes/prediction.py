"""What the network says of one sample of the test part.

options: sample, an index
arrays: input (channels, height, width) or (values,);  output (classes,);  probabilities (classes,), of the recipe's
    loss (softmax where none is known), empty for regression
facts: label, what is right;  prediction, the class with the largest output (for regression the number);
    total, the number of test samples
"""

from collections.abc import Mapping
from typing import Any

import torch

from playground.engine.probes._probe import Probe, ProbeContext, Reading


def _read(options: Mapping[str, Any], context: ProbeContext) -> Reading:
    sample = context.sample(options)
    outputs = context.outputs(sample)
    last = (len(context.network) - 1,)
    output = outputs[last].reshape(-1) if last in outputs else context.input(sample).reshape(-1)
    target = context.data.test_targets[sample]
    classes = bool(context.data.classes)
    if classes:
        probabilities = context.loss.probabilities(output) if context.loss else output.softmax(-1)
    else:
        probabilities = torch.empty(0)
    return Reading(
        {"input": context.input(sample), "output": output, "probabilities": probabilities},
        {
            "label": int(target) if classes else float(target.reshape(-1)[0]),
            "prediction": int(output.argmax()) if classes else float(output[0]),
            "total": context.data.size("test"),
        },
    )


PREDICTION = Probe("prediction", _read)
