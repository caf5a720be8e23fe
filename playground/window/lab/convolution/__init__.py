"""The parts of the lab's page of windows that slide."""
