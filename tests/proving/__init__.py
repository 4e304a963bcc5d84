"""What the proofs of tests/proofs stand on: a town full of people, a fast client, figures with their bounds."""
