"""What people and systems do to be known: accounts, clients, signing in, tokens, and being let in."""
