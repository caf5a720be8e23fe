"""Our parts of pyqtgraph: curves over a min-max pyramid, axes, stitched maps."""
