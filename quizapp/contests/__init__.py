"""The calendar: editions, their stages, applications and access."""
