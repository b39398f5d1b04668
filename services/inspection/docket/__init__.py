"""The docket: every channel's claim becomes one numbered entry that one authority must decide."""
