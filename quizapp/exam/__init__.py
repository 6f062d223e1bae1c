"""The rule book: values in, values out; no server, no database, no clock."""
