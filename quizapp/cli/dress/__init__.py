"""The dress rehearsal: a whole day on simulated time, its faults, and what is checked afterwards."""
