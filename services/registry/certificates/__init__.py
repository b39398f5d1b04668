"""Certificates and training: who is qualified for what, until when, and whether there are enough of them."""
