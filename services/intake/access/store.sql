-- name: held(keys)$
-- All that is held of these applicants, who are of one person, but for what recognises them alone.
with theirs as (
    select * from applicants where applicant_key = any(:keys::text [])
),

person as (
    select distinct candidate_id from theirs
)

select jsonb_build_object(
    'people', (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'source', source,
            'ids', (
                select jsonb_agg(source_applicant_id order by source_applicant_id)
                from applicant_ids where applicant_ids.applicant_key = theirs.applicant_key
            ),
            'name', put_right #> '{name,value}',
            'emails', put_right #> '{emails,value}',
            'phone', put_right #> '{phone,value}',
            'language', put_right #> '{locale,value}',
            'timeZone', put_right #> '{time_zone,value}',
            'country', put_right #> '{country,value}',
            'alsoKnownAs', (
                select jsonb_agg(known_as order by known_as)
                from jsonb_object_keys(personal_data -> 'also_known_as') as known_as
            ),
            'recordedAt', recorded_at,
            'lastHeardAt', last_human_contact_at,
            'pausedUntil', paused_until
        )) order by recorded_at, applicant_key)
        from theirs
    ),
    'applications', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'applicationId', source_application_id,
            'source', applications.source,
            'status', status,
            'decidedAt', decided_at,
            'vacancyTitle', rejection -> 'vacancyTitle',
            'answer', rejection -> 'tier',
            'stage', rejection -> 'stage',
            'finishingPlace', rejection -> 'finishingPlace',
            'reason', rejection -> 'reason',
            'whatWasMissing', rejection -> 'shortfalls',
            'note', note,
            'toldAt', answered_at
        )) order by decided_at), '[]')
        from applications where applicant_key = any(:keys::text [])
    ),
    'whatYouSayYouHaveNow', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'applicationId', source_application_id, 'requirementId', requirement_id,
            'on', closed_at
        ) order by closed_at, requirement_id), '[]')
        from closed_gaps inner join applications using (candidate_id, application_id)
        where applicant_key = any(:keys::text [])
    ),
    'news', (
        select coalesce(jsonb_agg(
            jsonb_build_object('kind', kind, 'name', name, 'on', told_at) order by told_at, name
        ), '[]')
        from news where applicant_key = any(:keys::text [])
    ),
    'profiles', (
        select coalesce(jsonb_agg(profile::jsonb order by profile_time), '[]')
        from profiles where applicant_key = any(:keys::text [])
    ),
    'agreements', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'purpose', purpose, 'channel', channel, 'from', granted_at, 'until', until,
            'wording', wording_version, 'endedAt', ended_at, 'endedBy', ended_how
        )) order by granted_at, purpose, channel), '[]')
        from consents where applicant_key = any(:keys::text [])
    ),
    'stops', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'channel', channel, 'from', stopped_at, 'by', how, 'liftedAt', lifted_at
        )) order by stopped_at, channel), '[]')
        from channel_stops where applicant_key = any(:keys::text [])
    ),
    'answers', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'question', question, 'answer', answer, 'at', answered_at
        ) order by answered_at, question), '[]')
        from answers where applicant_key = any(:keys::text [])
    ),
    'interests', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'vacancyTitle', vacancy_title, 'answer', answer, 'at', raised_at,
            'endedAt', ended_at, 'endedAs', ended_as
        )) order by raised_at, interest_id), '[]')
        from interests where applicant_key = any(:keys::text [])
    ),
    'told', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'source', source, 'noted', what, 'at', at
        ) order by at, id), '[]')
        from outgoing inner join endpoints using (endpoint_id)
        where applicant_key = any(:keys::text [])
    ),
    'shortlists', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'vacancyTitle', vacancy_title, 'at', ranked_at, 'rank', rank,
            'reasonsFor', reasons_for, 'reasonsAgainst', reasons_against,
            'decision', choice, 'because', because, 'decidedAt', decided_at
        )) order by ranked_at), '[]')
        from shortlisted
        inner join person using (candidate_id)
        inner join shortlists using (shortlist_id)
        left join shortlist_decisions using (shortlist_id, candidate_id)
    ),
    'timeline', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'at', at, 'what', kind, 'facts', facts
        ) order by at, id), '[]')
        from timeline where applicant_key = any(:keys::text [])
    )
);

-- name: reached_at(email, most)
-- Each person once, as the applicant who came last.
select * from (
    select distinct on (candidate_id) candidate_id, applicant_key, last.application_id, recorded_at
    from applicants
    left join lateral (
        select application_id from applications
        where applications.applicant_key = applicants.applicant_key
        order by decided_at desc, application_id
        limit 1
    ) as last on true
    where first_email = :email::text
    order by candidate_id, recorded_at desc, applicant_key
) as theirs
order by recorded_at desc, applicant_key
limit :most::integer;

-- name: changed(candidate_id, kinds, since)$
select count(*) from timeline
where candidate_id = :candidate_id and kind = any(:kinds::text []) and at > :since::timestamptz;

-- name: asked(applicant_key, since)
select at from timeline
where applicant_key = :applicant_key and kind in ('record_asked', 'address_given', 'number_given')
and at > :since::timestamptz
order by at desc;
