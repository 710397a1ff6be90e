"""Names of the matrices an adapter may change, by the setting that chooses them."""

MLP = ("gate_proj", "up_proj", "down_proj")
TARGETS = {"mlp": MLP, "all": ("q_proj", "k_proj", "v_proj", "o_proj", *MLP)}
