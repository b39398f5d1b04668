"""The few public pages of the gateway: what this is, what it offers, how a report fares."""
