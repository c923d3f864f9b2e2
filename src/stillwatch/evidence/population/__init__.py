"""The population: what honest traffic is like, learned from unlabelled traffic with a few attackers in it."""

from __future__ import annotations
