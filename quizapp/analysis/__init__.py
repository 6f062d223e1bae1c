"""What the answers of a round say of its questions."""
