drop table audit_log, audit_heads, audit_anchors;
drop function audit_partition(timestamptz), audit_drop_before(timestamptz);
