-- Opens a transaction that holds the writer's place from the start.
begin immediate;
