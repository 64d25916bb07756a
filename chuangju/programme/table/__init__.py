"""任务表 - the programme's table as a file: read from whatever the office has, written in the layout it came in.

Pure Python: neither Django nor a database is needed. `read_table` reads, `read_table_guarded` does so for strangers'
files, `writing` writes, `due_dates` understands 完成时限.
"""

from chuangju.programme.table.reader import read_table, read_table_guarded
from chuangju.programme.table.result import ReadTable, ReadTask, TableWarning, UnreadableTable

__all__ = ["ReadTable", "ReadTask", "TableWarning", "UnreadableTable", "read_table", "read_table_guarded"]
