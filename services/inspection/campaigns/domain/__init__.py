"""The law of campaigns: how a sample is drawn, who may do what, and how results are counted."""
