"""A real window, moved by a real mouse, on a display of its own; and the pictures that people look at."""
