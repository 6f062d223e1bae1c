"""Who exists: the staff, and the places people come from."""
