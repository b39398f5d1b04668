"""Dossiers: an enterprise's safety records, from its licences to its drills, and what it lacks."""
