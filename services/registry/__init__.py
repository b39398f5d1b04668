"""Registry: who there is, where, and who is competent for what.

Owns areas, parties and enterprises, people and memberships, competence and criteria, legal bases, delegations, and
enterprises' self-checks.
Publishes `registry.*`; every event carries the whole new state. Listens to the docket and the hazards, whose outcomes
it shows to the enterprise that declared them. Its nouns, each building on the earlier ones: areas, parties, people,
competence, bases, delegations, duties.
"""
