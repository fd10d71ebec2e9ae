drop table audit_operations;
