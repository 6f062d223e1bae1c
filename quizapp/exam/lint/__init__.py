"""What an author would regret: rules on how questions are written, each with its code."""
