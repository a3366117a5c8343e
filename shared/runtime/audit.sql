-- name: note(at, kind, actor, act, about, subject)!
insert into audit_entries (at, kind, actor, act, about, subject)
values (:at::timestamptz, :kind::text, :actor::text, :act::text, :about::text [], :subject::text);

-- name: listed(person, since, limit)
select at, kind, actor, act, about, subject from (
    select * from audit_entries
    where (:person::text is null or :person::text = any(about))
    and (:since::timestamptz is null or at >= :since::timestamptz)
    order by id desc
    limit :limit::bigint
) as latest
order by id;

-- name: forget()!
select forget_audited();
