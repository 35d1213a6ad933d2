"""What is asked, as values: sweeps, claims, studies. Computes nothing."""
