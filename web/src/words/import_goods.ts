/** Words of taking and giving tables of goods. */
import { bilingual } from "./language";

export const importGoods = bilingual(
  {
    title: "导入与导出", sub: "商品、别名、组合、库存", back: "商品资料", skus: "商品", aliases: "别名", bundles: "组合商品", stock: "库存", file: "选择文件", fileMeans: "CSV 或 Excel；UTF-8、GB18030 都可以，表头用你自己的叫法",
    template: "下载模板", look: "看会改变什么", replace: "替换已有的别名含义", document: "单号（同一单号的行只算一次）", counted: "数量是现有的件数（盘点），不是新到的",
    rows: (rows: number, fresh: number, known: number, wrong: number) => `共 ${rows} 行：新增 ${fresh}，更新 ${known}，要改 ${wrong}。`, headings: "表头怎么读", heading: "你的表头", column: "读作", unread: "不读", twice: "前面已有一列读作它",
    mistakes: "要改的行", line: "行", value: "写的是", mend: "怎么改", take: (count: number) => `导入 ${count} 行`, partly: (count: number) => `只导入没有问题的 ${count} 行`, running: "正在导入", done: (done: number) => `已导入 ${done} 行`,
    left: (count: number) => `，${count} 行没有导入`, failed: "没有完成", exports: "导出", exportMeans: "在后台做，做好后可下载；改好的文件可以原样导入。", csv: "导出 CSV", xlsx: "导出 Excel", download: "下载文件", reasons: "没有导入的行",
  },
  {
    title: "Import and export", sub: "SKUs, aliases, bundles, stock", back: "Products", skus: "SKUs", aliases: "Aliases", bundles: "Bundles", stock: "Stock", file: "Choose a file", fileMeans: "CSV or Excel, in UTF-8 or GB18030, with headings of your own",
    template: "Download a template", look: "See what changes", replace: "Replace what aliases mean", document: "Document number (its rows count once)", counted: "The figures are what there is (stocktake), not what came",
    rows: (rows, fresh, known, wrong) => `${rows} rows: ${fresh} new, ${known} updated, ${wrong} to mend.`, headings: "How headings are read", heading: "Your heading", column: "Read as", unread: "Not read", twice: "An earlier column is read as this",
    mistakes: "Rows to mend", line: "Line", value: "It says", mend: "How to mend it", take: (count) => (count === 1 ? "Import 1 row" : `Import ${count} rows`), partly: (count) => `Import the ${count} good rows only`, running: "Importing", done: (done) => `${done} rows are imported`,
    left: (count) => `, ${count} were left out`, failed: "It was not finished", exports: "Export", exportMeans: "Made in the background; a file that you edited comes back as it is.", csv: "Export CSV", xlsx: "Export Excel", download: "Download the file", reasons: "Rows that were left out",
  },
);
