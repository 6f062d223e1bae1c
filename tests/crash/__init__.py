"""Durability, shown with real processes: killed, cut off from power, out of disk, out of database.

A short round of each is part of ``make test``; ``make crash`` takes the whole of it.
"""
