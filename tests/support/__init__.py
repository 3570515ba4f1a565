"""What tests of several folders share: worlds, sellers, proofs, doubles of the outside."""
