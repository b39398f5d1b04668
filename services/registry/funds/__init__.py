"""Funds: what an enterprise sets aside for safety, and what it spends of it."""
