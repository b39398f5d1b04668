"""The one door: who is asking, and which service answers.

Owns accounts, clients and signing keys (`identity`), the public API (`edge`) and its pages (`web`); the nouns import
downwards in the order web → edge → identity. Publishes `account.locked`. Listens to people and memberships of registry.
"""
