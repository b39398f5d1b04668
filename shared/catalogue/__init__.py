"""Turns the registries of events and machines into documents; without it they would drift from the code."""
