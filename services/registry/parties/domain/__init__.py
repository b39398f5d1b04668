"""What makes parties and enterprises acceptable: their numbers, places, trades, sites. Pure."""
