"""文书与表格 - reading of sheets (docx, xlsx, csv, text) and writing of papers; no models, no Django."""
