"""What the operator of one service sees of its events and may do about those that are stuck."""
