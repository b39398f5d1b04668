"""The committee's meetings, their resolutions, and the tasks by which a resolution becomes something done."""
