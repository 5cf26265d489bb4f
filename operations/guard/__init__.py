"""Look at a plan before it is carried out: what would be lost or weakened, and who asked for it."""
