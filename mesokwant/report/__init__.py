"""What a run leaves: claims, figures, tables."""
