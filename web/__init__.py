"""What every handler shares: the base handler, its guards, error pages, assets and headers."""
