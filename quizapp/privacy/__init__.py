"""Personal data: kept as long as stated, then erased; numbers, answers and results stay."""
