"""For whoever runs the server: is it alive, is it ready, how does it fare."""
