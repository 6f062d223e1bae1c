"""Question banks: loaded, kept in versions, pinned to the stages that draw from them."""
