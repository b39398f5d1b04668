"""Hazards: from the suspicion through order, rectification, re-check and closing to the last look back."""
