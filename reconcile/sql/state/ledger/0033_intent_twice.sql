-- Makes place for the same rule in an order that tells leads apart by the first thing compared.
drop index intent_once;
