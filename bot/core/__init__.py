"""Pure core: values and rules without input or output."""
