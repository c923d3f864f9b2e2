"""Campaigns: pools of accounts that share out a harvest, after the disclosed ones and at rungs of evasion."""
