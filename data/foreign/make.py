"""Makes the files of other makers that the tests read (see README.md). Run beside data/contracts-sample.csv."""
import csv, datetime, pathlib, shutil, subprocess, sys, tempfile
import openpyxl
from openpyxl.styles import Font

here = pathlib.Path(__file__).parent
rows = list(csv.reader(open(here.parent / "contracts-sample.csv", encoding="utf-8-sig", newline="")))
header, rows = rows[0], [row for row in rows[1:] if row[6] == "测试区采购单位03"][:40]
MONEY, PERCENT, DAYS = [13, 14, 20, 21], 19, [5, 24, 25]


def plain(name):
    """A CSV to convert from."""
    with open(name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


# openpyxl: a title above the header, days and amounts as such, percentages as percentages, a second and a hidden sheet.
book = openpyxl.Workbook()
sheet = book.active
sheet.title = "合同导出"
sheet["A1"] = "合同台账导出（2021—2025 年）"
sheet["A1"].font = Font(bold=True, size=16)
sheet.merge_cells("A1:F1")
sheet.append([])
sheet.append(header)
for row in rows:
    cells = []
    for at, cell in enumerate(row):
        if cell and at in MONEY:
            cells.append(float(cell))
        elif cell and at == PERCENT:
            cells.append(float(cell) / 100)
        elif cell and at in DAYS:
            cells.append(datetime.datetime.strptime(cell, "%Y-%m-%d"))
        else:
            cells.append(cell or None)
    sheet.append(cells)
for line in sheet.iter_rows(min_row=4):
    for at in DAYS:
        line[at].number_format = 'yyyy"年"m"月"d"日"'
    line[PERCENT].number_format = "0.00%"
    for at in MONEY:
        line[at].number_format = "#,##0.00"
book.create_sheet("说明")["A1"] = "这张表没有合同"
book.create_sheet("隐藏").sheet_state = "hidden"
book.save(here / "openpyxl.xlsx")

# LibreOffice: converted from a CSV, so that it decides by itself what is a number and what is a day.
with tempfile.TemporaryDirectory() as folder:
    plain(f"{folder}/libreoffice.csv")
    for ending in ["xlsx", "ods", "xls"]:
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--infilter=CSV:44,34,76,1,,0,false,true", "--convert-to", ending,
                        "--outdir", folder, f"{folder}/libreoffice.csv"], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(f"{folder}/libreoffice.xlsx", here / "libreoffice.xlsx")
    # Of what is refused a few rows are enough.
    rows, all_rows = rows[:2], rows
    plain(f"{folder}/small.csv")
    for ending in ["ods", "xls"]:
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--infilter=CSV:44,34,76,1", "--convert-to", ending,
                        "--outdir", folder, f"{folder}/small.csv"], check=True, stdout=subprocess.DEVNULL)
        shutil.copy(f"{folder}/small.{ending}", here / f"libreoffice.{ending}")
    rows = all_rows

# As WPS saves a CSV: GB18030, a tab behind long numbers, days with slashes, amounts with separators, columns in another order.
order = [6, 0, 4, 3, 13] + [at for at in range(27) if at not in [6, 0, 4, 3, 13]]
with open(here / "wps.csv", "w", encoding="gb18030", newline="") as file:
    out = csv.writer(file)
    out.writerow([header[at] for at in order])
    for row in rows:
        row = list(row)
        row[0] += "\t"
        for at in DAYS:
            if row[at]:
                row[at] = "/".join(str(int(part)) for part in row[at].split("-"))
        for at in MONEY:
            if row[at]:
                row[at] = f"{float(row[at]):,.2f}"
        out.writerow([row[at] for at in order])
