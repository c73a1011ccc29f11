"""The `containers` federation: four pods, each in a container alone on a network with the gate.

`federation` runs them; `images` builds what they run; `engine` knows the container engine;
`sweeping` removes what a killed run has left.
"""
