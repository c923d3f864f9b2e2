"""The commands of `stillwatch profile`, one a file."""
