"""Read the live GitHub and AWS: what is there, whatever Pulumi's state says. Nothing is judged."""
