"""People: who acts on the platform, with which certificate, for which party, in which capacity."""
