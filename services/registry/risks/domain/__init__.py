"""The rules of risk: single points (`points`) and the composite score of an enterprise (`scoring`)."""
