"""What the shipped rules derive, and what they must not."""
