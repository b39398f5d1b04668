"""Official documents: numbered files that never change, printed from what was committed, and how each was served."""
