"""Torch Playground: build a neural network by dragging layers, train it, and see it learn."""

__version__ = "0.1.0"
