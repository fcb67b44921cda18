"""The names of what can race, known without JAX: a plan of the race is made from them."""

METHOD_NAMES = (
    "AdamW",
    "Grokfast",
    "orthogonal gradients",
    "StableMax",
    "Muon",
    "fixed norm",
    "small start",
    "GrokTransfer",
)
"""Of `modclock.grokking.methods.METHODS`."""

ACTIVATION_NAMES = ("square", "relu")
"""Of `modclock.grokking.pair_network.ACTIVATIONS`."""
