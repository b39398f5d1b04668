"""Visits: who goes to which enterprise, as what and why, how often, and what came of it."""
