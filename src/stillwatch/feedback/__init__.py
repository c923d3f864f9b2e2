"""Feedback: what analysts and appeals say of findings, kept; it calibrates priors and never a threshold."""
