"""Registry: who there is, where, and who is competent for what.

Owns areas and grids, parties and enterprises with their records, funds and risks, people with their memberships and
certificates, competence and criteria, legal bases, delegations, and enterprises' self-checks. Publishes `registry.*`;
every event carries the whole new state. Listens to the docket and the hazards, whose outcomes it shows to the
enterprise that declared them and weighs in its colour. Its nouns build on each other in the order that import-linter
holds.
"""
