"""The day itself: watch the sittings, act on them, talk with the candidates, hear of faults."""
