"""A canvas, and what stands around it."""
