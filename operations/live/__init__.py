"""Read the live GitHub and AWS, without Pulumi's state. Differences are judged elsewhere."""
