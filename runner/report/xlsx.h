/* Workbooks: results as a spreadsheet with tables and a chart. */
#ifndef REPORT_XLSX_H
#define REPORT_XLSX_H

#include "base/err.h"

/* Can workbooks be written here? -1: the error says what to install. */
int xlsx_check(struct err *err);

#endif
