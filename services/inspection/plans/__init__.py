"""Annual plans of inspection: how many days officers have, and what they go to."""
