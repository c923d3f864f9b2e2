"""Honest traffic, most of it hard negatives: it looks like a campaign in one respect and is none."""
