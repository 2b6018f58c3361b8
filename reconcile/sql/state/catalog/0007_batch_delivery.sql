-- Whether a batch is all that its sender has to say of its period, or a part; most are parts.
alter table batch add column delivery text not null default 'part' check (delivery in ('part', 'full'));
