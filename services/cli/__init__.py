"""`commonwatch`: the one command; without it an operator would have to know six programs.

Services are loaded by name, so `commonwatch serve notify` never imports inspection.
"""

from services.cli.commands import main

__all__ = ["main"]
