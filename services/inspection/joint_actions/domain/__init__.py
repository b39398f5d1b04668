"""The law of joint actions and of each authority's part in one, each a table."""
