-- name: remember(marks, lasting, source)!
-- Searched for again, if it was remembered before: sorted, so that two batches cannot deadlock. What two
-- sources erase is searched for in everybody's records.
insert into erased_marks as known (mark, until, source)
select distinct on (mark)
    mark, case when not lasting then clock_timestamp() + interval '60 days' end, :source::text
from unnest(:marks::bytea [], :lasting::boolean []) as erased (mark, lasting)
order by mark, lasting desc
on conflict (mark) do update
set
    until = case when known.until is not null then excluded.until end,
    taken_up_at = null,
    source = case when known.source = excluded.source then known.source end;

-- name: withdraw(marks)!
delete from erased_marks where mark = any(array(
    select mark from erased_marks
    where mark = any(:marks::bytea [])
    order by mark
    for update
));

-- name: not_taken_up()
-- The marks that no search has taken up.
select mark from erased_marks where taken_up_at is null;

-- name: number()$
-- Under which all rows are due again. What is marked while a row is being looked at makes it due under
-- another number, and then it is looked at once more.
select nextval('quarantine_searches');

-- name: take_up(marks)!
-- Of none that came since; sorted, as they are remembered.
update erased_marks set taken_up_at = clock_timestamp()
where mark = any(array(
    select mark from erased_marks
    where mark = any(:marks::bytea []) and taken_up_at is null
    order by mark
    for update
));

-- name: met(marks, source)$
-- True if one of the marks is of somebody erased alone, false if of what others may share.
select bool_or(until is null) from erased_marks
where mark = any(:marks::bytea [])
and (until is null or until > statement_timestamp())
and (source is null or source = coalesce(:source::text, source));

-- name: delete(id)!
delete from quarantine where id = :id::bigint;

-- name: forget()$
with old as (
    delete from erased_marks where mark = any(array(
        select mark from erased_marks
        where until < statement_timestamp()
        limit 1000
    ))
    returning 1
)

select count(*) = 1000 from old;
