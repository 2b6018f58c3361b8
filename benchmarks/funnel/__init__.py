"""How fast funnels are: the fact table and its questions, beside one windowFunnel of ClickHouse."""
