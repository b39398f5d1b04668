"""Delegations: the letters by which an authority lets another body act in its name (委托、赋权、授权)."""
