"""What the server signs, with which keys, and how anybody checks it."""
