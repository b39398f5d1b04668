"""Every deadline is a row, written by the move that starts it and ended by the move that meets it."""
