"""Transfers 移送 (T21): a hazard's file or a matter handed upward or sideways, acknowledged, and answered."""
