"""The supervision ladder: which missed clock has which consequence, and who decides on the last one."""
