"""Tools that know neither Flask nor an exam: the store, the journal, throttles, migrations, the log."""
