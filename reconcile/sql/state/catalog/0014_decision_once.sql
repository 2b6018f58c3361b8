-- A decision is taken back once.
create unique index decision_once on decision (undoes) where undoes is not null;
