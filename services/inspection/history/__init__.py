"""What was done, by whom, in which capacity and why: the full-process record (Penalty Law art. 47)."""
