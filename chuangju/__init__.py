"""创聚 Chuangju: the packages of the product, floor by floor (see ARCHITECTURE.md)."""
