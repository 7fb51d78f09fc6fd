"""The portal of operators, phone first: today's check, problems to put right, my certificates."""
