"""The room "Convolution": a window that slides over an input, and what becomes of it. `panels/convolution.py` shows it."""
