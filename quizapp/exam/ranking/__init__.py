"""Rankings: what is compared, in which order, and how equal ranks are shared."""
