-- name: keep(ids, keys, application_ids, sources, source_ids, statuses, decided_ats, times, ranks, rejections, rejected_times, rejected_ranks, notes, deciders, urls, answered_ats, answered_fors, answered_withs, heard_ats, taken_back_ats, taken_back_ranks, taken_back_ass)!
-- Of what is known and what comes the later holds, for the decision and the facts each on its own.
insert into applications as known (
    candidate_id, applicant_key, application_id, source, source_application_id, status,
    decided_at, status_time, status_rank, rejection, rejection_time, rejection_rank, note,
    decided_by, application_url, answered_at, answered_for, answered_with, heard_at, taken_back_at,
    taken_back_rank, taken_back_as
)
select *
from
    unnest(
        :ids::text [], :keys::text [], :application_ids::text [], :sources::text [],
        :source_ids::text [], :statuses::text [], :decided_ats::timestamptz [],
        :times::timestamptz [], :ranks::text [],
        :rejections::jsonb [], :rejected_times::timestamptz [], :rejected_ranks::text [],
        :notes::text [], :deciders::text [], :urls::text [], :answered_ats::timestamptz [],
        :answered_fors::timestamptz [], :answered_withs::text [], :heard_ats::timestamptz [],
        :taken_back_ats::timestamptz [], :taken_back_ranks::text [], :taken_back_ass::text []
    )
on conflict (applicant_key, source_application_id) do update
set
    (status, decided_at, status_time, status_rank) = (
        select said.* from (
            values
            (known.status, known.decided_at, known.status_time, known.status_rank),
            (
                excluded.status, excluded.decided_at, excluded.status_time,
                excluded.status_rank
            )
        ) as said (status, decided_at, time, rank)
        order by said.time desc, said.rank desc
        limit 1
    ),
    (rejection, rejection_time, rejection_rank, note, decided_by, application_url) = (
        select said.* from (
            values
            (
                known.rejection, known.rejection_time, known.rejection_rank, known.note,
                known.decided_by, known.application_url
            ),
            (
                excluded.rejection, excluded.rejection_time, excluded.rejection_rank,
                excluded.note, excluded.decided_by, excluded.application_url
            )
        ) as said (rejection, time, rank, note, decided_by, application_url)
        order by said.time desc nulls last, said.rank desc
        limit 1
    ),
    (answered_at, answered_for, answered_with) = (
        select told.* from (
            values
            (known.answered_at, known.answered_for, known.answered_with),
            (excluded.answered_at, excluded.answered_for, excluded.answered_with)
        ) as told (answered_at, answered_for, answered_with)
        order by told.answered_for desc nulls last, told.answered_at asc nulls last
        limit 1
    ),
    heard_at = case
        when known.status = 'rejected'
            and coalesce(
                known.status_time > greatest(known.taken_back_at, excluded.taken_back_at), true
            ) then known.heard_at
        else excluded.heard_at
    end,
    (taken_back_at, taken_back_rank, taken_back_as) = (
        select said.* from (
            values
            (known.taken_back_at, known.taken_back_rank, known.taken_back_as),
            (excluded.taken_back_at, excluded.taken_back_rank, excluded.taken_back_as)
        ) as said (at, rank, status)
        order by said.at desc nulls last, said.rank desc
        limit 1
    );

-- name: of(keys)
select
    candidate_id, applicant_key, application_id, source, source_application_id, status, decided_at,
    status_time, status_rank, rejection, rejection_time, rejection_rank, note, decided_by,
    application_url, answered_at, answered_for, answered_with, heard_at, taken_back_at,
    taken_back_rank, taken_back_as
from applications where applicant_key = any(:keys::text []);

-- name: facts(keys, sources, source_ids)
-- What is said of these applications where they are known, and by which events.
select
    applicant_key, source, source_application_id, status, decided_at, rejection::text, note,
    decided_by, application_url, status_time, status_rank, rejection_rank
from
    applications inner join unnest(:keys::text [], :sources::text [], :source_ids::text [])
    as asked (applicant_key, source, source_application_id)
    using (applicant_key, source, source_application_id);

-- name: decisions(keys)
select applicant_key, least(status_time, decided_at) as said_at, decided_at
from applications
where applicant_key = any(:keys::text [])
union all
select applicant_key, least(rejection_time, refused.at), refused.at
from applications
cross join lateral (select (rejection ->> 'decidedAt')::timestamptz as at) as refused
where applicant_key = any(:keys::text []) and rejection is not null;

-- name: holders(sources, source_ids, keys, most)
-- What becomes known of an applicant may tell whether what was said of their applications is said of
-- others. Where so many have an application of one id the source does not keep its ids unique among
-- people.
select unnest(holding.keys) as applicant_key
from (
    select source, source_id
    from unnest(:sources::text [], :source_ids::text []) as said (source, source_id)
    union
    select source, source_application_id from applications
    where applicant_key = any(:keys::text [])
) as asked
cross join lateral (
    select array_agg(applicant_key) as keys from (
        select applicant_key from applications
        where source = asked.source and source_application_id = asked.source_id
        limit :most::integer
    ) as few
    having count(*) < :most::integer
) as holding;

-- name: learn_shared_ids(keys, most)
-- Returns the sources of which it was not known.
insert into sources_of_shared_ids (source)
select distinct ours.source
from applications as ours
inner join applicants as one using (applicant_key)
cross join lateral (
    select applicant_key, candidate_id from applications
    where source = ours.source and source_application_id = ours.source_application_id
    and rejection is not null
    limit :most::integer
) as theirs
inner join applicants as other on other.applicant_key = theirs.applicant_key
where ours.applicant_key = any(:keys::text []) and ours.rejection is not null
and theirs.candidate_id <> ours.candidate_id
and not (string_to_array(one.name_key, ' ') <@ string_to_array(other.name_key, ' '))
and not (string_to_array(other.name_key, ' ') <@ string_to_array(one.name_key, ' '))
and ours.source not in (select source from sources_of_shared_ids)
on conflict do nothing
returning source;

-- name: beside_others(sources)
-- The people who were turned down where something else was said of another one under the same id.
select distinct turned_down.candidate_id
from applications as turned_down
inner join applications as other using (source, source_application_id)
where source = any(:sources::text []) and turned_down.rejection is not null
and other.rejection is null and other.candidate_id <> turned_down.candidate_id;

-- name: taken(ids)
-- Of which applicant each application of these people is.
select candidate_id, application_id, applicant_key
from applications
where candidate_id = any(:ids::text []);

-- name: notes(ids)
select candidate_id, application_id, note, rejection ->> 'vacancyTitle' as vacancy_title
from applications
where candidate_id = any(:ids::text []) and note is not null;

-- name: put_notes(ids, application_ids, notes)!
update applications as application
set rejection = jsonb_set(rejection, '{reason,note}', to_jsonb(scrubbed.note))
from
    unnest(:ids::text [], :application_ids::text [], :notes::text []) as scrubbed (
        candidate_id, application_id, note
    )
where application.candidate_id = scrubbed.candidate_id
and application.application_id = scrubbed.application_id;

-- name: reopen_letters(ids, application_ids, left_ats, ats)
-- Only where it is that very letter that has told them; returns those who are owed an answer again.
-- What it told of beside its own application is owed again too.
update applications as application
set answered_at = null, answered_for = null, answered_with = null, tried_at = returned.at
from unnest(
    :ids::text [], :application_ids::text [], :left_ats::timestamptz [], :ats::timestamptz []
) as returned (candidate_id, application_id, left_at, at)
where application.candidate_id = returned.candidate_id
and coalesce(application.answered_with, application.application_id) = returned.application_id
and application.answered_at = returned.left_at
returning application.candidate_id;

-- name: told_by(ids, application_ids, left_ats)
-- Whom these letters told, of their own application or beside it: that of a letter may be gone. Of
-- whoever is or was of the person that it went to; where it is not said when it left, by any.
select
    letter.candidate_id as asked, letter.application_id, told.candidate_id, told.applicant_key
from unnest(:ids::text [], :application_ids::text [], :left_ats::timestamptz []) as letter (
    candidate_id, application_id, left_at
)
cross join lateral (
    select applicant_key from applicants where candidate_id = letter.candidate_id
    union
    select applicant_key from former_memberships where candidate_id = letter.candidate_id
) as theirs
inner join applications as told using (applicant_key)
where coalesce(told.answered_with, told.application_id) = letter.application_id
and told.answered_at = coalesce(letter.left_at, told.answered_at);

-- name: part_letters(ids)!
update applications as application
set answered_at = null, answered_for = null, answered_with = null
from applications as told
where application.candidate_id = any(:ids::text []) and told.candidate_id = any(:ids::text [])
and told.application_id = application.answered_with
and told.candidate_id <> application.candidate_id;

-- name: end_letters(ids, application_ids, ats, told)
-- Returns those who were owed an answer until now. A letter that was sent before the decision that
-- stands was heard told of an earlier one.
update applications as application
set
    answered_at = case when ended.told then ended.at else application.answered_at end,
    answered_for = case
        when not ended.told then application.answered_for
        when application.heard_at <= ended.at
            then (application.rejection ->> 'decidedAt')::timestamptz
    end,
    answered_with = case when not ended.told then application.answered_with end,
    tried_at = case when ended.told then application.tried_at else ended.at end
from (
    select distinct on (candidate_id, application_id) *
    from unnest(
        :ids::text [], :application_ids::text [], :ats::timestamptz [], :told::boolean []
    ) as letters (candidate_id, application_id, at, told)
    order by candidate_id, application_id, told desc, at desc
) as ended
inner join applications as owed using (candidate_id, application_id)
inner join last_words
    on last_words.applicant_key = owed.applicant_key
    and last_words.source_application_id = owed.source_application_id
where application.candidate_id = ended.candidate_id
and application.application_id = ended.application_id
and (
    application.answered_at is null
    or (back_at is not null and coalesce(application.answered_for <= back_at, true))
)
returning application.candidate_id;
