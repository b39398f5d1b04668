"""What a broken promise is; apart, because everybody in the simulation may find one."""


class Violation(AssertionError):
    """A promise was broken."""
