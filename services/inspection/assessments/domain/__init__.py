"""The law of assessments, and the arithmetic of points that nothing due can raise or lower."""
