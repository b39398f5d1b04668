"""Look-back campaigns 回头看: a sample of closed hazards, or the measures of a policy, looked at once more."""
