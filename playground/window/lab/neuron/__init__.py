"""The parts of the view about neurons."""
