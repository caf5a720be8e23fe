"""Speed, memory and delays against their budgets: `python -m tests.benchmarks`. No test of pytest times anything."""

from playground import calm

calm.load_numpy()
