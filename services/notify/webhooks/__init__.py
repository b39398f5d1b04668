"""Partners' webhooks: subscriptions to the outside feed, and the delivery of each copy to its endpoint.

At least once: after a crash a copy may come twice under the same `webhook-id`, by which receivers drop it.
"""
