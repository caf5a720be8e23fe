"""What can be watched. A `Probe` declared in a module of this folder, or of a plug-in (entry point group
"playground.probes"), is a probe: nothing else is to be edited."""

import logging
import sys

from playground.core.messages import Picture, Watch
from playground.core.problem import Problem
from playground.core.registry import declarations
from playground.core.text import _
from playground.engine.probes._probe import Probe, ProbeContext, Reading, array

__all__ = ["PROBES", "Probe", "ProbeContext", "Reading", "array", "read"]


def read(watch: Watch, context: ProbeContext) -> Picture:
    """The answer to a watch. What goes wrong becomes the picture's fault: a panel never stops a run."""
    probe = PROBES.get(watch.probe)
    if probe is None:
        return Picture(watch, context.step, fault=_("There is no probe {name}.").format(name=watch.probe))
    try:
        reading = probe.read(watch.options, context)
        arrays = {name: array(tensor) for name, tensor in reading.arrays.items()}
    except Problem as problem:
        return Picture(watch, context.step, fault=str(problem))
    except Exception as error:  # a plug-in, or a device, may raise anything
        logging.getLogger(__name__).warning("probe %s", watch.probe, exc_info=True)
        return Picture(watch, context.step, fault=f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
    return Picture(watch, context.step, arrays, reading.facts)


PROBES: dict[str, Probe] = declarations(sys.modules[__name__], Probe)
