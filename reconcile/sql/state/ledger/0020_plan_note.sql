-- Why a plan was made although a limit spoke against it; null for most.
alter table plan add column note text;
