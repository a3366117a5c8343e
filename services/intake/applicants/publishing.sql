-- name: bump(ids)
-- Somebody whom nobody has turned down is published to nobody. With `exists` a plan may read the whole
-- table of applications to know it.
update candidates as person set version = version + 1
where candidate_id = any(:ids::text [])
and (
    version > 0
    or (
        select true from applications
        where applications.candidate_id = person.candidate_id and status = 'rejected'
        limit 1
    )
)
returning candidate_id, version;

-- name: states(ids, now, most_rejections, most_bytes, most_absorbed, most_compared)
-- The whole state of each published person: as scheduler and matcher may know it, and as notifier
-- may. Whoever works here now agreed to nothing that still holds, and hears only what sources other
-- than the one that hired them owe: what one source says ends nothing of another's.
-- An application that came under several applicant ids of one source counts as it was decided last,
-- and is told once; once more when it was taken back after that and made again.
-- Of decisions made within a day one letter tells, where several sources tell of one vacancy, by its id
-- or title, or one source does of several applications for it: by the application of which a letter has
-- left, else of those that are owed a letter by the one that came closest and says most of what was
-- missing, so that the letter says all that may follow it; what was missing by the others it says too, but
-- for those that are heard of once it has left or that their own source told. It tells of one vacancy of each source, and
-- of none that only another tells like. What was taken back tells of others only where its letter has
-- left, and of none that was taken back after that and made again. That a source has told somebody
-- itself, or asked, settles its own alone.
-- Of very many such the eldest are compared: each with each, so their number has a bound.
-- An application is spoken of by the name and at the addresses and the number its own source gave, and
-- at no other; at those of the person only where its source gave none at all.
-- That a person refuses email or text messages, as a source says, holds for what rests on that source's
-- own applications; for the person where no other source knows them.
-- A state has a bound, whatever was joined into it: the rejections still owed an answer come first,
-- longest owed before others, then the newest. One whose letter did not get out goes to the end of
-- that line. Each end of a letter is published, and with it the rejection that is next.
-- Whatever is asked with comes by a subquery, so that it does not enter the plan: PostgreSQL then makes
-- one plan for all calls, and planning takes longer than running for one person.
select
    person.candidate_id,
    person.version,
    json_strip_nulls(json_build_object(
        'candidateId', person.candidate_id,
        'version', person.version,
        'locale', coalesce(personal_data #>> '{locale,value}', 'en'),
        'timeZone', personal_data #>> '{time_zone,value}',
        'country', personal_data #>> '{country,value}',
        'channels', to_json(array_remove(array[
            case when known.by_email then 'email' end,
            case when known.by_phone then 'sms' end
        ], null)),
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'hatAnsweredAt', known.hat_answered_at,
        'hatRefusedAt', case when hat_refused_at >= hat_answered_at then hat_refused_at end,
        'pausedUntil', known.paused_until,
        'hiredAt', hired_at,
        'mergedFrom', absorbed.ids,
        'splitFrom', parted.ids,
        'sources', case when hired_at is null then telling.sources end,
        'rejections', standing.rejections
    )) as candidate,
    json_strip_nulls(json_build_object(
        'recipientId', person.candidate_id,
        'version', person.version,
        'kind', 'candidate',
        'name', coalesce(personal_data #> '{name,value}', '{}'),
        'emails', personal_data #> '{emails,value}',
        'phone', personal_data #> '{phone,value}',
        'toVerify', given.to_verify,
        'toVerifyRequest', given.to_verify_request,
        'phoneToVerify', given.phone_to_verify,
        'phoneToVerifyRequest', given.phone_to_verify_request,
        'locale', coalesce(personal_data #>> '{locale,value}', 'en'),
        'timeZone', personal_data #>> '{time_zone,value}',
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'held', waiting.channels,
        'applications', standing.spoken_of,
        'closedShortlists', closings.shortlists
    )) as recipient,
    standing.told_beside
from candidates as person
cross join lateral (
    select max(hired_at) as hired_at
    from applications
    where applications.candidate_id = person.candidate_id
) as hiring
cross join lateral (
    select
        coalesce(array_agg(source) filter (where channel = 'email'), '{}') as email,
        coalesce(array_agg(source) filter (where channel = 'sms'), '{}') as sms
    from applicants inner join channel_stops using (applicant_key)
    where applicants.candidate_id = person.candidate_id
    and how = 'source' and lifted_at is null
) as refusing
cross join lateral (
    select json_agg(distinct source order by source) as sources
    from applications inner join last_words using (applicant_key, source_application_id)
    where applications.candidate_id = person.candidate_id
    and status = 'rejected' and not is_superseded
) as telling
cross join lateral (
    select
        max(hat_answered_at) as hat_answered_at,
        max(hat_refused_at) as hat_refused_at,
        max(paused_until) as paused_until,
        bool_or(put_right ? 'emails') as by_email,
        bool_or(phone is not null) as by_phone
    from applicants
    where applicants.candidate_id = person.candidate_id
) as known
cross join lateral (
    select
        json_agg(
            case
                when gaps.some_closed or rejection ->> 'applicationId' <> application_id
                    then rejection || jsonb_build_object(
                        'applicationId', application_id,
                        'shortfalls', coalesce(gaps.shortfalls, '[]')
                    )
                else rejection
            end
            order by ranked.decided_at, application_id
        ) as rejections,
        json_agg(
            json_build_object('applicationId', application_id, 'answerOwed', answer_owed)::jsonb
            || applicant
            order by ranked.decided_at, application_id
        ) as spoken_of,
        jsonb_agg(told_beside) filter (where told_beside is not null) as told_beside
    from (
        select
            application_id, decided_at, rejection, answer_owed, applicant, told_beside,
            row_number() over by_weight as nth,
            sum(octet_length(rejection::text) + octet_length(applicant::text)) over by_weight
                as bytes
        from (
            with recursive theirs as (
                select
                    applied.*,
                    is_superseded, told_at, back_at,
                    coalesce(source_vacancy_id, rejection ->> 'vacancyId') as vacancy_id,
                    compared_title(rejection ->> 'vacancyTitle') as title,
                    put_right #> '{name,value}' as name,
                    applied.source = any(refusing.email) as refuses_email,
                    applied.source = any(refusing.sms) as refuses_sms,
                    put_right #> '{emails,value}' as emails,
                    put_right #> '{phone,value}' as number,
                    put_right #>> '{time_zone,value}' as time_zone,
                    put_right #>> '{country,value}' as country,
                    told_at is null and not (rejection -> 'alreadyTold')::boolean as owed,
                    -- What is decided soon after a hire is put away with it; later they apply anew.
                    status = 'rejected' and not is_superseded
                    and coalesce((rejection ->> 'decidedAt')::timestamptz > max(hired_at)
                        over (partition by applied.source)
                        + interval '90 days', true) as stands,
                    (rejection ->> 'decidedAt')::timestamptz as refused_at
                from applications as applied
                inner join last_words using (applicant_key, source_application_id)
                inner join applicants using (applicant_key)
                left join vacancy_ids on vacancy_id = rejection ->> 'vacancyId'
                where applied.candidate_id = person.candidate_id
            ),

            in_order as (
                select
                    *,
                    min(source) over () <> max(source) over () as is_of_several,
                    count(*) over like_vacancy > 1
                    or min(source) over like_title <> max(source) over like_title as is_shared,
                    row_number() over (
                        order by
                            told_at is null, answered_with is not null, not owed, refuses_email,
                            refuses_sms,
                            array_position(
                                array['runner_up', 'not_yet', 'no'], rejection ->> 'tier'
                            ),
                            rejection -> 'shortfalls' = '[]', refused_at, source, application_id
                    ) as place
                from theirs
                where stands or (told_at is not null and not is_superseded)
                window
                like_vacancy as (partition by vacancy_id), like_title as (partition by title)
            ),

            compared as (
                select *, row_number() over (order by place) as turn
                from (
                    select * from in_order
                    where is_shared
                    order by refused_at, source, application_id
                    limit (select :most_compared::bigint)
                ) as eldest
            ),

            told_alike as (
                select
                    turn, source, vacancy_id,
                    array(
                        select other.turn from compared as other
                        where other.turn < one.turn
                        and coalesce(other.told_at > one.back_at, true)
                        and abs(extract(epoch from other.refused_at - one.refused_at)) < 86400
                        and (other.vacancy_id = one.vacancy_id or other.title = one.title)
                    ) as turns
                from compared as one
            ),

            -- By turn, the turn of the application that tells of it, which may be its own; and of
            -- which vacancy of each source each tells.
            told_by (turn, tellers, told_for) as (
                select 0::bigint, array[]::bigint [], '{}'::jsonb
                union all
                select
                    one.turn, tellers || coalesce(same.turn, one.turn),
                    told_for || jsonb_build_object(
                        coalesce(same.turn, one.turn) || ' ' || one.source, one.vacancy_id
                    )
                from told_by
                inner join told_alike as one on one.turn = told_by.turn + 1
                cross join lateral (
                    select min(turn) as turn
                    from unnest(one.turns) as teller (turn)
                    where tellers[teller.turn] = teller.turn
                    and coalesce(told_for ->> (teller.turn || ' ' || one.source), one.vacancy_id)
                    = one.vacancy_id
                ) as same
            ),

            told_through as (
                select
                    told.place, teller.application_id, teller.owed,
                    (told.rejection -> 'alreadyTold')::boolean
                    or (
                        teller.told_at < told.heard_at
                        and (told.told_at is null or told.answered_with is not null)
                    ) as is_apart,
                    case
                        when told.told_at is null and teller.answered_at = teller.told_at
                            then jsonb_build_object(
                                'application_id', told.application_id,
                                'at', teller.told_at,
                                'letter', coalesce(teller.answered_with, teller.application_id)
                            )
                    end as told_beside
                from (select tellers from told_by order by turn desc limit 1) as complete
                cross join unnest(tellers) with ordinality as each (teller, turn)
                inner join compared as told on told.turn = each.turn
                inner join compared as teller on teller.turn = each.teller
                where each.teller <> each.turn
            )

            select
                told.application_id, told.decided_at, told.tried_at,
                told.rejection || jsonb_strip_nulls(jsonb_build_object(
                    'source', told.source,
                    'timeZone', case when told.is_of_several then told.time_zone end,
                    'country', case when told.is_of_several then told.country end,
                    'toldWith', teller.application_id,
                    'toldApart', case when teller.is_apart then true end,
                    'takenBackAt', told.back_at,
                    'alreadyTold', case
                        when
                            not teller.owed
                            or (
                                told.told_at is not null
                                and (
                                    told.answered_with is not null
                                    or coalesce(
                                        told.answered_for <= told.back_at, told.answered_at is null
                                    )
                                )
                            )
                            then true
                    end,
                    'alreadyAsked', case
                        when told.told_at is not null and told.answered_with is not null then true
                    end,
                    'toldAs', case
                        when coalesce(teller.application_id, told.answered_with) is not null
                            then (
                                select nullif(letter.rejection ->> 'tier', told.rejection ->> 'tier')
                                from theirs as letter
                                where letter.application_id
                                = coalesce(teller.application_id, told.answered_with)
                            )
                    end
                )) as rejection,
                told.owed and teller.place is null as answer_owed,
                teller.told_beside,
                jsonb_strip_nulls(jsonb_build_object(
                    'name', nullif(told.name, person.personal_data #> '{name,value}'),
                    'emails', case
                        when refuses_email then '[]'
                        when reached.elsewhere then coalesce(told.emails, '[]')
                        when refuses_sms
                            then coalesce(person.personal_data #> '{emails,value}', '[]')
                    end,
                    'phone', case
                        when not refuses_sms and (refuses_email or reached.elsewhere)
                            then told.number
                    end
                )) as applicant
            from in_order as told
            left join told_through as teller on teller.place = told.place
            cross join lateral (
                select
                    num_nonnulls(told.emails, told.number) > 0
                    and (told.emails, told.number) is distinct from (
                        person.personal_data #> '{emails,value}',
                        person.personal_data #> '{phone,value}'
                    ) as elsewhere
            ) as reached
            where told.stands
        ) as rejected
        window by_weight as (
            order by
                answer_owed desc,
                case when answer_owed then tried_at end asc nulls first,
                case when answer_owed then decided_at end asc,
                decided_at desc,
                application_id
            rows between unbounded preceding and current row
        )
    ) as ranked
    cross join lateral (
        select
            jsonb_agg(
                case
                    when closed_at is null then gap
                    else gap || jsonb_build_object('closedAt', closed_at)
                end
                order by place
            ) as shortfalls,
            bool_or(closed_at is not null) as some_closed
        from jsonb_array_elements(rejection -> 'shortfalls') with ordinality as each (gap, place)
        left join closed_gaps as closed
            on closed.candidate_id = person.candidate_id
            and closed.application_id = ranked.application_id
            and closed.requirement_id = gap ->> 'requirementId'
    ) as gaps
    where nth <= :most_rejections::bigint and bytes <= :most_bytes::bigint
) as standing
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'purpose', purpose, 'channel', channel, 'since', granted_at, 'until', until
            )
            order by purpose, channel
        ) as consents
    from (
        select distinct on (purpose, channel) purpose, channel, granted_at, until
        from consents
        where consents.candidate_id = person.candidate_id
        and ended_at is null and until > (select :now::timestamptz)
        order by purpose asc, channel asc, until desc
    ) as live
) as agreed
cross join lateral (
    select jsonb_agg(distinct channel order by channel) as channels
    from channel_stops
    where channel_stops.candidate_id = person.candidate_id and lifted_at is null
    and (
        how <> 'source'
        or not exists (
            select 1 from applicants as elsewhere
            where elsewhere.candidate_id = person.candidate_id
            and elsewhere.source
            <> all(case channel when 'email' then refusing.email else refusing.sms end)
        )
    )
) as stops
cross join lateral (
    select jsonb_agg(newest.candidate_id order by newest.candidate_id) as ids
    from (
        select distinct former_candidates.candidate_id, ended_at
        from applicants
        inner join former_memberships using (applicant_key)
        inner join former_candidates
            on former_candidates.candidate_id = former_memberships.candidate_id
        where applicants.candidate_id = person.candidate_id and not only_by_application
        order by ended_at desc, former_candidates.candidate_id
        limit (select :most_absorbed::bigint)
    ) as newest
) as absorbed
cross join lateral (
    select jsonb_agg(former.candidate_id order by former.candidate_id) as ids
    from (
        select distinct living.candidate_id
        from applicants
        inner join former_memberships using (applicant_key)
        inner join candidates as living
            on living.candidate_id = former_memberships.candidate_id
        where applicants.candidate_id = person.candidate_id
        and living.candidate_id <> person.candidate_id
        limit (select :most_absorbed::bigint)
    ) as former
) as parted
cross join lateral (
    select
        (array_agg(to_verify order by to_verify_since desc)
            filter (where to_verify is not null))[1] as to_verify,
        (array_agg(to_verify_request order by to_verify_since desc)
            filter (where to_verify is not null))[1] as to_verify_request,
        (array_agg(phone_to_verify order by to_verify_since desc)
            filter (where phone_to_verify is not null))[1] as phone_to_verify,
        (array_agg(phone_to_verify_request order by to_verify_since desc)
            filter (where phone_to_verify is not null))[1] as phone_to_verify_request
    from applicants
    where applicants.candidate_id = person.candidate_id and to_verify_since is not null
) as given
left join lateral (
    select case when bool_or(how = 'mail') then '["email", "sms"]'::json else '["sms"]'::json end
        as channels
    from unread_replies
    where unread_replies.candidate_id = person.candidate_id and how in ('sms', 'mail')
    having count(*) > 0
) as waiting on true
cross join lateral (
    select json_agg(shortlist_id order by shortlist_id) as shortlists
    from shortlist_decisions as invited
    where invited.candidate_id = person.candidate_id and withdrawn_because = 'vacancy_closed'
) as closings
where person.candidate_id = any((select :ids::text [])::text []) and version > 0;

-- name: put(topics, types, ids, correlations, causations, with_profiles, now, most_rejections, most_bytes, most_absorbed, most_compared, most_bytes_of_profiles, most_news, traceparent)!
-- Topics and types are those of candidates, profiles and recipients, in this order. Of what each source
-- says somebody can do the newest is published, with the name of the source, the newest of all first;
-- older ones only as far as there is room. Whoever was published before and has nothing left is told of too.
-- What a letter has told beside its own application, then or as it came later, stays told, whatever is
-- corrected, parted or erased of either afterwards.
with state as materialized (
    -- include: states
),

kept as (
    update applications as application
    set
        answered_at = beside.at,
        answered_for = (application.rejection ->> 'decidedAt')::timestamptz,
        answered_with = beside.letter
    from state
    cross join jsonb_to_recordset(state.told_beside) as beside (
        application_id text, at timestamptz, letter text
    )
    where application.candidate_id = state.candidate_id
    and application.application_id = beside.application_id
)

insert into outbox (
    topic, type, key, value, event_id, time, correlation_id, causation_id, traceparent
)
select
    (:topics::text [])[event.stream], (:types::text [])[event.stream],
    state.candidate_id, convert_to(event.body::text, 'UTF8'),
    gen_random_uuid()::text, :now::timestamptz, cause.correlation_id, cause.causation_id,
    :traceparent::text
from state
inner join
    unnest(
        (select :ids::text []), (select :correlations::text []), (select :causations::text []),
        (select :with_profiles::boolean [])
    ) as cause (candidate_id, correlation_id, causation_id, with_profile)
    using (candidate_id)
left join lateral (
    select
        (array_agg(shown order by nth))[1] as profile,
        (array_agg(source order by nth))[1] as source,
        json_agg(json_build_object('source', source, 'profile', shown) order by nth)
            filter (where nth > 1) as others
    from (
        select
            source, shown, row_number() over by_age as nth,
            sum(octet_length(shown::text)) over by_age as bytes
        from (
            select distinct on (source)
                source, coalesce(scrubbed, profile) as shown, profile_time, profile_rank
            from profiles inner join applicants using (applicant_key)
            where profiles.candidate_id = state.candidate_id and cause.with_profile
            order by source, profile_time desc, profile_rank desc
        ) as newest
        window by_age as (order by profile_time desc, profile_rank desc)
    ) as of_each
    where nth = 1 or bytes <= :most_bytes_of_profiles::bigint
) as able on true
left join lateral (
    select
        json_agg(
            json_build_object('kind', kind, 'name', name, 'on', (told_at at time zone 'UTC')::date)
            order by told_at, kind, name
        ) as news
    from (
        select kind, name, told_at from news
        where news.candidate_id = state.candidate_id and cause.with_profile
        order by told_at desc, kind, name
        limit (select :most_news::bigint)
    ) as newest
    having count(*) > 0
) as since_then on true
cross join lateral (
    values
    (1, state.candidate),
    (
        2,
        case
            when
                num_nonnulls(profile, news) > 0 or (cause.with_profile and state.version > 1)
                then json_build_object(
                    'candidateId', state.candidate_id,
                    'version', state.version,
                    'profile', coalesce(profile, '{}'),
                    'source', source,
                    'others', coalesce(others, '[]'),
                    'news', coalesce(news, '[]')
                )
        end
    ),
    (3, state.recipient)
) as event (stream, body)
where event.body is not null;

-- name: present(after, limit)
select candidate_id from candidates
where candidate_id > :after and version > 0
order by candidate_id
limit :limit;

-- name: gone(ids)
select candidate_id from former_candidates where candidate_id = any(:ids::text []);

-- name: former(after, limit)
select candidate_id from former_candidates
where candidate_id > :after
order by candidate_id
limit :limit;
