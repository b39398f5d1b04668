"""The files of a hazard side by side: before and after, item by item; for officials with what speaks against each."""
