"""Inspection: the docket of all channels' claims, the life of every hazard, visits and letters.

Owns the docket (`Report`), hazards with their orders, re-checks and look-backs, visits of enterprises, letters of the
committee and of authorities, the supervision ladder, deadlines and history. Publishes `inspection.report.*`,
`inspection.hazard.*`, `inspection.visit.*`, `inspection.letter.*`, `inspection.proposal.*` and
`inspection.deadline.*`. Listens to the submissions of all channels, to the registry (read copies) and to its own
hazards, whose outcome returns to the docket.

The nouns import downwards in this order: ladder → letters → visits → docket → gallery → hazards → deadlines → history →
numbers → evidence → copies.
"""
