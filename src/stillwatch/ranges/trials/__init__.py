"""Trials: ranges built, scanned and held against their truth, for what no single score tells."""
