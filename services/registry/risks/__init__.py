"""Risks: the dangerous points of an enterprise, and the one colour by which its supervision is planned."""
