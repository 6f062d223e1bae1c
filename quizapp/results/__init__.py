"""Close a stage, grade it, rank it, publish it."""
