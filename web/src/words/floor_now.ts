/** Words of the page that shows how a floor is now. */
import { bilingual } from "./language";

export const floorNow = bilingual(
  {
    title: "现场", sub: "自管仓库此刻：工位、热点库位、停住的作业单", back: "作业单", noHouse: "没有自管的仓库", noHouseMeans: "先在设置 → 仓库里把仓库改为自管仓。", warehouse: "仓库",
    asOf: (time: string) => `截至 ${time}，五秒刷新一次`,
    stations: "工位", stationsMeans: "近一小时的扫描；速度是近十分钟的平均。", noStations: "近一小时没有扫描", station: "工位", scans: "扫对", wrong: "扫错", pace: "件/分钟", last: "最近一次", weight: "秤上",
    places: "库位热度", placesMeans: "颜色越深，近一小时拣得越多；数字是拣货次数，加号后是还要拣的件数。", noPlaces: "还没有库位", cell: (place: string, picks: string, open: string) => `${place}：拣了 ${picks} 次，还要拣 ${open} 件`,
    stuck: "停住的作业单", stuckMeans: "两小时没有动静、还没出库的。", noStuck: "没有停住的作业单", work: "作业单", state: "状态", wave: "波次", since: "停在",
    turns: "先拣哪张", turnsMeans: "每张作业单还剩多久：离最晚时间，减去按现场速度要花的、加急的和等得久的。", noTurns: "没有等着拣的作业单", minutes: "还剩", why: "为什么", due: "最晚", doneIn: "按现在的速度", inMinutes: (span: string) => `${span}后装好`, days: (days: number, hours: number) => `${days} 天 ${hours} 小时`, hours: (hours: number, minutes: number) => `${hours} 小时 ${minutes} 分`, mins: (minutes: number) => `${minutes} 分钟`, isLate: "来不及",
    of: (of: string, pace: string) => `共 ${of} 张在等；现场每分钟 ${pace} 件`, ofUnmeasured: (of: string) => `共 ${of} 张在等；近半小时没有扫描，按每分钟 2 件算`,
    ship_by: "平台时限", cut_off: "揽收截止", load: "件数", rush: "加急", age: "等待",
    allocated: "已分配", recalling: "召回中", released: "待拣", picking: "拣货中", packed: "已装箱",
  },
  {
    title: "Floor", sub: "A warehouse that is run here, right now: stations, hot places, works that stand still", back: "Works", noHouse: "No warehouse is run here", noHouseMeans: "Make a warehouse one that is run here first, in settings → warehouses.", warehouse: "Warehouse",
    asOf: (time) => `As of ${time}, anew each five seconds`,
    stations: "Stations", stationsMeans: "Scans of the last hour; the pace is the mean of the last ten minutes.", noStations: "No scans in the last hour", station: "Station", scans: "Right", wrong: "Wrong", pace: "A minute", last: "Last", weight: "On the scale",
    places: "Hot places", placesMeans: "The darker, the more picks in the last hour; the figure counts picks, after the plus what is still to be fetched.", noPlaces: "No places yet", cell: (place, picks, open) => `${place}: ${picks} picks, ${open} units to fetch`,
    stuck: "Standing still", stuckMeans: "Not out, and nothing heard of them for two hours.", noStuck: "No work stands still", work: "Work", state: "State", wave: "Wave", since: "Since",
    turns: "What to pick first", turnsMeans: "What each work has left: until it has to be out, less what it takes at the floor's pace, what a rush and its age add.", noTurns: "No work waits to be picked", minutes: "Left", why: "Why", due: "Due", doneIn: "At this pace", inMinutes: (span) => `packed in ${span}`, days: (days, hours) => `${days} d ${hours} h`, hours: (hours, minutes) => `${hours} h ${minutes} min`, mins: (minutes) => `${minutes} min`, isLate: "too late",
    of: (of, pace) => `${of} wait; the floor does ${pace} units a minute`, ofUnmeasured: (of) => `${of} wait; nothing was scanned for half an hour: taken as 2 units a minute`,
    ship_by: "ship by", cut_off: "cut-off", load: "units", rush: "rush", age: "age",
    allocated: "Allocated", recalling: "Being recalled", released: "Waiting", picking: "Picking", packed: "Packed",
  },
);
