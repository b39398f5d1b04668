"""Imports and exports: the register as tables that clerks keep in files, checked before they are written."""
