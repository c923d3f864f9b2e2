"""The commands of `stillwatch intents`, one a file."""
