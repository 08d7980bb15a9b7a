#include "measure/task_record.h"

const char *task_status_name(enum task_status status)
{
	static const char *const names[TASK_STATUSES] = {
		[TASK_OK] = "ok", [TASK_FAILED] = "failed", [TASK_LOST] = "lost"};
	return names[status];
}
