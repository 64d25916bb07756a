"""合作机构 - incubators, internship bases, associations, agencies, schools (rows 12, 14, 15, 17)."""
