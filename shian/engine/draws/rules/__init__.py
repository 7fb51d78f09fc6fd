"""Pure rules of draws: `randomness` (RFC 3797), `sampling` (strata, shares, reserves), `recusal` (who may go where)."""
