"""The candidate's desk: wait, start, answer, hand in, receipt."""
