"""Real PostgreSQL, real NATS and their keys under one directory: without it there is nothing to run on."""
