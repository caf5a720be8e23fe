"""The list of layers: a Qt model over the immutable tree, a delegate that paints rows, a view that drags them."""
