"""Competence: which authority is responsible for what, and by which criteria a hazard is major."""
