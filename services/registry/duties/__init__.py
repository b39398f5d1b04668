"""Duties: what enterprises must do themselves; first of all, look for hazards and declare them."""
