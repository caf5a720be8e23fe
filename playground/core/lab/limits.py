"""How much a typed line, and all lines of a page together, may ask for. Each is looked at before anything is computed."""

MOST_NODES = 200  # of the syntax tree of a line
MOST_DEPTH = 25
MOST_ELEMENTS = 1_000_000  # of one tensor
MOST_DIMENSIONS = 12
MOST_LEAVES = 10_000  # numbers in lists of Python
MOST_PARTS = 500  # views that one line takes
MOST_BYTES = 64_000_000  # of all tensors of a page, and of what a line makes on its way
LARGEST_INT = 2**63 - 1
MOST_SETTING = 1_000  # stride, padding, kernel size and the like
# In steps of about ten nanoseconds: a line is refused beyond a third of a second, so that it takes less than one
MOST_WORK = 30_000_000
MOST_WORK_OF_ALL = 3 * MOST_WORK
MOST_SECONDS = 1.0  # of a line, looked at between two nodes
