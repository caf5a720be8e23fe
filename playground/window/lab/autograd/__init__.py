"""The parts of the view of Autograd."""
