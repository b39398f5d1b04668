"""Joint actions (联合执法行动): the committee co-ordinates several authorities, and inspects nothing itself (F01)."""
