"""Judge a plan before it is carried out: find losses and weaker protection that need consent."""
