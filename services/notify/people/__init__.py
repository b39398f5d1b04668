"""Read copies of who acts for whom: whom to tell, in which language, and who may still read what."""
