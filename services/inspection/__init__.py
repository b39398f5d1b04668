"""Inspection: the docket of all channels' claims and the life of every hazard.

Owns the docket (`Report`), hazards with their orders, re-checks and look-backs, deadlines and history. Publishes
`inspection.report.*` and `inspection.hazard.*`. Listens to the submissions of all channels, to the registry (read
copies) and to its own hazards, whose outcome returns to the docket.

The nouns import downwards in this order: docket → gallery → hazards → deadlines → history →
evidence → copies.
"""
