"""What every other package may know: configuration, errors, records, clock."""
