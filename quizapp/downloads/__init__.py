"""Lists to take away: each by its name, in every format."""
