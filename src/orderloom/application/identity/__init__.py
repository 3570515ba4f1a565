"""Who calls and what they may: users with passwords and roles, tokens with scopes."""
