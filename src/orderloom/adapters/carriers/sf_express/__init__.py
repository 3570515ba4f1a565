"""SF Express (Fengqiao): labels that are bought once, routes that are pushed and asked for."""
