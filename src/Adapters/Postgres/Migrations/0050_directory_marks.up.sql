-- Rows of the directories follow the state of their grains. A mark stands while a row may be behind: whoever decides money by the rows
-- asks the marked grains first. The revision keeps an activation that is over from writing over its successor.
create table directory_marks (
    pool_id  text not null,
    kind     text not null check (kind in ('participant', 'worker')),
    key      text not null,
    revision bigint not null,
    primary key (pool_id, kind, key)
);
alter table participants
    add column revision bigint not null default 0,
    add column muted    text[] not null default '{}';
alter table workers add column revision bigint not null default 0;

-- The calendar is read every second; what it needs stays small while the pool grows old.
create index epochs_unsettled on epochs (pool_id, number) where phase < 4;
