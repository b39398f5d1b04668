"""The kernel under every service; it knows no business word outside `contracts/`."""
