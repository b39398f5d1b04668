"""The outside feed: redacted copies of events, for everybody who is not a service of the platform.

A copy holds only what every reader of its channel may know; scope is decided when it is delivered.
"""
