"""How a hazard's files are gathered, and how each reader is shown them."""
