"""Registry: who there is, where, and who is competent for what.

Owns areas, parties and enterprises, people with their memberships and certificates, competence and criteria, and
enterprises' self-checks. Publishes `registry.*`; every event carries the whole new state. Listens to the docket and the
hazards, whose outcomes it shows to the enterprise that declared them. Its nouns, each building on the earlier ones:
areas, parties, people, certificates, competence, duties.
"""
