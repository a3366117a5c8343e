-- name: known(sources, source_ids)
select source, source_vacancy_id, vacancy_id
from vacancy_ids
inner join
    unnest(:sources::text [], :source_ids::text []) as asked (source, source_vacancy_id)
    using (source, source_vacancy_id);

-- name: keep(sources, source_ids, ids)!
-- What is named already, or whose id another vacancy has, is left as it is.
insert into vacancy_ids (source, source_vacancy_id, vacancy_id)
select *
from
    unnest(:sources::text [], :source_ids::text [], :ids::text [])
    as named (source, source_vacancy_id, vacancy_id)
order by vacancy_id
on conflict do nothing;
