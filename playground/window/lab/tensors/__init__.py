"""The parts of the view "Tensors"."""
