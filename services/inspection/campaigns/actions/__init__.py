"""What is done with campaigns: opened, drawn, answered for, judged, ended."""
