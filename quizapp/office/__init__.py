"""The organiser's desk: what happens now, who applied, what the edition says."""
