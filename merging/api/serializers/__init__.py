"""What merging's REST answers look like and what it reads, a module per subject."""
