"""Notify: who must know.

Owns messages and their deliveries, the outside (redacted) feed, partners' subscriptions and their deliveries.
Publishes `notify.delivery.failed`, `notify.subscription.disabled`. Listens to everything others must hear of.
Nouns, lowest first: people, messages, gathering, digests, outside, webhooks.
"""
