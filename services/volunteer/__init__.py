"""Volunteer: reports by people, kept apart from the people.

Owns reports of volunteers, grid workers, workers and the public, and the vault of their identities.
Publishes `volunteer.report.*`. Listens to the docket's and the hazards' outcomes, which it shows to the reporter.
"""
