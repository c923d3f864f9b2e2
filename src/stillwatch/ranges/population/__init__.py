"""Population: honest traffic, most of it hard negatives, which look like a campaign in one respect and are none."""
