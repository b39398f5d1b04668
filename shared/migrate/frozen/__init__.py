"""Steps that every service's database takes; without them one step would be written six times.

What stands here ran in databases that exist: it is never changed, and says in full what it makes, whatever the models
say today.
"""
