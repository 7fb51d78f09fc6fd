"""Named reads of the operator archive, always cut to the user's reach; what the public may read is in public.py."""
