"""From a Kwant system to arrays."""
