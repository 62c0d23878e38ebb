"""What accounts computes, without Django, input or output, or a clock of its own."""
