DROP TABLE code_source
