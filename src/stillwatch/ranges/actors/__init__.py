"""Actors: who sends and from where. Accounts with their papers, networks, client programs, true labels."""
