"""The commands of `stillwatch feedback`."""
