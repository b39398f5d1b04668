"""Legal bases: the dated catalogue of the texts that orders and delegations cite (D03)."""
