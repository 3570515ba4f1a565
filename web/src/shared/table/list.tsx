/** The list of every page: a real table on a screen, cards on a phone; a cursor row for the keyboard, ticks, keyset pages. */
import type { ReactNode } from "react";
import { useEffect, useMemo, useRef } from "react";
import { Skeleton, Table } from "antd";
import type { TableColumnType } from "antd";
import { useIsPhone } from "@/shared/phone";
import { Late } from "@/shared/states";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import type { Selection } from "./selection";
import { Tick, TickPage } from "./tick";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  render: (row: Row) => ReactNode;
  /** Pixels; the one column without a width takes the rest. */
  width?: number;
  align?: "left" | "right" | "center";
  isFixed?: boolean;
  sorted?: "ascend" | "descend" | null;
  onSort?: () => void;
}

export interface ListProps<Row> {
  /** What the table is called for those who hear it. */
  label: string;
  columns: readonly Column<Row>[];
  /** Undefined while nothing has been read yet. */
  rows: readonly Row[] | undefined;
  keyOf: (row: Row) => string;
  nameOf?: (row: Row) => string;
  card?: (row: Row) => ReactNode;
  onOpen?: (row: Row, event: { isAside: boolean }) => void;
  selection?: Selection | undefined;
  /** Key of the row that the keyboard stands on, and which it is moved to. */
  cursor?: string | undefined;
  lookOf?: (row: Row) => string;
  empty: ReactNode;
  foot?: ReactNode;
}

const SKELETONS = 12;

export function List<Row extends object>(props: ListProps<Row>) {
  const isPhone = useIsPhone();
  if (props.rows === undefined) return <Waiting />;
  if (props.rows.length === 0) return <>{props.empty}{props.foot}</>;
  return (
    <>
      {isPhone && props.card ? <Cards {...props} rows={props.rows} card={props.card} /> : <Grid {...props} rows={props.rows} />}
      {props.foot}
    </>
  );
}

function Waiting() {
  const words = useWords(shared);
  return (
    <Late>
      <div className="grid-wait" role="status" aria-label={words.loading}>
        {Array.from({ length: SKELETONS }, (_, index) => <Skeleton.Node key={index} active className="grid-wait-row">{" "}</Skeleton.Node>)}
      </div>
    </Late>
  );
}

type Filled<Row> = Omit<ListProps<Row>, "rows"> & { rows: readonly Row[] };

function Cards<Row extends object>({ rows, keyOf, card, onOpen, label, lookOf }: Filled<Row> & { card: (row: Row) => ReactNode }) {
  return (
    <ul className="cards" aria-label={label}>
      {rows.map((row) => (
        <li key={keyOf(row)} className={lookOf?.(row) ?? ""}>
          {onOpen ? (
            <button type="button" className="card-row" onClick={() => onOpen(row, { isAside: false })}>{card(row)}</button>
          ) : <div className="card-row">{card(row)}</div>}
        </li>
      ))}
    </ul>
  );
}

function Grid<Row extends object>({ columns, rows, keyOf, nameOf, label, onOpen, selection, cursor, lookOf }: Filled<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const keys = useMemo(() => rows.map(keyOf), [rows, keyOf]);
  const drawn = useMemo(() => {
    const ticks: TableColumnType<Row>[] = selection
      ? [{
          key: "tick", width: 36, align: "center", fixed: "left", className: "tick-cell", title: <TickPage selection={selection} rows={keys} />,
          render: (_, row) => <Tick selection={selection} id={keyOf(row)} rows={keys} name={nameOf?.(row) ?? keyOf(row)} />,
        }]
      : [];
    return [...ticks, ...columns.map((one) => column(one))];
  }, [columns, selection, keys, keyOf, nameOf]);
  useEffect(() => {
    box.current?.querySelector("tr.cursor")?.scrollIntoView({ block: "nearest" });
  }, [cursor]);
  const width = columns.reduce((sum, one) => sum + (one.width ?? 180), selection ? 36 : 0);
  return (
    <div ref={box} role="region" aria-label={label} className="grid">
      <Table<Row>
        size="small" sticky={{ offsetHeader: 48 }} pagination={false} columns={drawn} dataSource={rows as Row[]} rowKey={keyOf} tableLayout="fixed"
        scroll={{ x: width }} rowClassName={(row) => `${keyOf(row) === cursor ? "cursor" : ""} ${lookOf?.(row) ?? ""}`}
        onRow={(row) => ({
          onClick: (event) => {
            const isText = (window.getSelection()?.toString() ?? "") !== "";
            const isLink = event.target instanceof Element && event.target.closest("a,button,input,label") !== null;
            if (!isText && !isLink) onOpen?.(row, { isAside: event.ctrlKey || event.metaKey });
          },
        })}
      />
    </div>
  );
}

function column<Row>(one: Column<Row>): TableColumnType<Row> {
  return {
    key: one.key, title: one.title, ellipsis: true, render: (_, row) => one.render(row),
    ...(one.width === undefined ? {} : { width: one.width }),
    ...(one.align ? { align: one.align } : {}),
    ...(one.isFixed ? { fixed: "left" as const } : {}),
    ...(one.onSort
      ? {
          sorter: true, sortOrder: one.sorted ?? null, showSorterTooltip: false,
          onHeaderCell: () => ({ onClick: one.onSort, "aria-sort": ariaSort(one.sorted) }),
        }
      : {}),
  };
}

function ariaSort(sorted: "ascend" | "descend" | null | undefined): "ascending" | "descending" | "none" {
  return sorted === "ascend" ? "ascending" : sorted === "descend" ? "descending" : "none";
}
