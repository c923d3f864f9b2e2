"""What the benchmarks share: text and arrivals from the research data, which stay outside the repository."""
