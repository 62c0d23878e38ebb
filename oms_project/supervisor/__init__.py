"""Runs the processes of one machine: starts, watches and stops them, and shows what they say."""
