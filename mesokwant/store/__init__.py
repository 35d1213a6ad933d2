"""Results on disk: append-only blocks of rows, opened as labelled arrays. Knows no physics."""
