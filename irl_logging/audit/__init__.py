"""The audit trail as decisions: written, read back across old and packed files, added up, and checked for tampering."""
