"""Everything that touches an execution directory's files; what they mean is decided elsewhere."""
