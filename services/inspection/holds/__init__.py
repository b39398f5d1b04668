"""Who has what open just now, so that two colleagues do not decide the same matter."""
