"""Parties: organisations that act on the platform, and the enterprises that they watch over."""
