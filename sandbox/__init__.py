"""The offline world: GitHub, AWS and the engine on loopback, independent of what it witnesses."""
