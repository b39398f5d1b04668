"""Files handed in to inspection: what proves a hazard, its removal, or that it never was."""
