/** Words of the backups in the settings. */
import { bilingual } from "./language";

export const backup = bilingual(
  {
    none: "还没有记录过备份。出了事，现在无法恢复。", good: (time: string) => `最近一次完好的备份在 ${time}。`, late: (time: string) => `备份过期了：最近一次完好的在 ${time}，每天都该有一次。`, noDrill: "还没有演练过恢复。没有恢复过的备份，不能算数。", drilled: (time: string) => `最近一次恢复演练在 ${time}，成功。`, drillLate: (time: string) => `该演练了：最近一次在 ${time}，每 90 天一次。`,
    next: "下次备份", nextDrill: "下次演练", now: "到期", size: "上次大小", database: "数据库现在", place: "放在", note: "记录一次", noteMeans: "织单自己不做备份：备份脚本做完，用上面的命令（或接口）告诉织单。也可以在这里记。", how: "放在备份脚本的最后", what: "要备份的：数据库（pg_basebackup，或停机时的 postgres 文件夹）、keys 文件夹和 postgres.password、audit/checkpoints.jsonl。少了密钥，收件人和凭证打不开。",
    kind: "类型", backup: "备份", drill: "恢复演练", result: "结果", isGood: "完好", failed: "失败", at: "时间", took: "用时", bytes: "大小（字节）", detail: "说明", by: "由谁", noted: "已记录", runs: "记录", noRuns: "还没有记录", seconds: "用时（秒）",
  },
  {
    none: "No backup was ever noted. After an accident nothing could be brought back.", good: (time) => `The last good backup was ${time}.`, late: (time) => `The backup is late: the last good one was ${time}, there should be one a day.`, noDrill: "A restore was never drilled. A backup that was never restored counts for nothing.", drilled: (time) => `The last restore drill was ${time} and went well.`, drillLate: (time) => `A drill is due: the last was ${time}, there should be one in 90 days.`,
    next: "Next backup", nextDrill: "Next drill", now: "due", size: "Last size", database: "Database now", place: "Place", note: "Note one", noteMeans: "The hub takes no backup itself: your backup script tells it at its end, by the command above or the API. You may note one here too.", how: "At the end of your backup script", what: "To be backed up: the database (pg_basebackup, or the folder postgres while the hub is stopped), the folder keys and postgres.password, audit/checkpoints.jsonl. Without the keys receivers and credentials stay sealed.",
    kind: "Kind", backup: "Backup", drill: "Restore drill", result: "Result", isGood: "Good", failed: "Failed", at: "When", took: "Took", bytes: "Size in bytes", detail: "Detail", by: "By whom", noted: "Noted", runs: "Noted", noRuns: "Nothing noted yet", seconds: "Seconds it took",
  },
);
