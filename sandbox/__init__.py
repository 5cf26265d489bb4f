"""The offline world: GitHub, AWS and the engine on loopback. It imports nothing of the program it witnesses."""
