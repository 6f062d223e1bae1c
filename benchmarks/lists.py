"""Grading, ranking and lists, each in a process of its own, so that its memory is its own."""
