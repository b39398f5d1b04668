"""Files: beyond who handed them in, when and where they were taken, and what speaks against them as proof."""
