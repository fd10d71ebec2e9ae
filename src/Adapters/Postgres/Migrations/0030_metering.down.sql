drop table served_requests;
drop table client_usage;
drop table client_blocks;
