"""How lists are found: which rows, in which order, how many, and how each reader is shown them."""
