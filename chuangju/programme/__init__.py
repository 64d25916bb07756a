"""任务分解表 - the programme's table: versions, tasks, measures, milestones, progress; import, comparison and export (rows 1 to 3)."""
