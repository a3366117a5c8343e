-- The account of whoever placed it. Nobody for one that was placed before this was kept: the audit
-- tells.
alter table holds add column placed_by text;
