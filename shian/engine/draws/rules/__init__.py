"""Pure rules of draws: `randomness` (RFC 3797), `sampling` (strata, shares, reserves), `record` (what
is published and checked again), `recusal` (who may go where), `estimates` (what a sample tells of the whole)."""
