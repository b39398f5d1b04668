"""What a table of the register looks like in a file, and what may happen to a file that was handed in. Pure."""
