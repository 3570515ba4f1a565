"""Background work with progress: what people start, walk away from, and look at again."""
