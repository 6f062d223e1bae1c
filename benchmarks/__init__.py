"""How fast, how steady and how large: measured against an empty Flask view in the same run."""
