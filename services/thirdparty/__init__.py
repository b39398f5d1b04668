"""Thirdparty: what agencies and insurers do for their clients, and what they find there.

Owns engagements with their conflict-of-interest rules, audits with every result, and findings.
Publishes `thirdparty.engagement.*`, `thirdparty.audit.*` and `thirdparty.finding.*`. Listens to parties and
enterprises, and to the docket's and the hazards' outcomes, which it shows to the agency that found them.
"""
