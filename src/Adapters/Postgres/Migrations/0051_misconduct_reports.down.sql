drop table misconduct_reports;
