"""The commands of `stillwatch range`, one a file."""
