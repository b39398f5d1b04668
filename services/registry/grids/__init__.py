"""Grids: the smallest pieces of the county, each with three people who answer for what stands in it."""
