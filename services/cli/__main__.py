"""`python -m services.cli` is `commonwatch`."""

from services.cli.commands import main

main()
