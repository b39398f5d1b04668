"""Areas: the divisions of the county, by their codes."""
