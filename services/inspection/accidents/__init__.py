"""Accidents: how grave one is, who must know by when, and until when its figures may be corrected."""
