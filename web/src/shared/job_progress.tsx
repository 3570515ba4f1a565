/** A job that was begun on this page: how far it is, and what became of each row once it is over. */
import type { ReactNode } from "react";
import { useEffect } from "react";
import { Progress } from "antd";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { JobRow } from "@/api/generated/schema";
import { useLanguage } from "@/words/language";
import { Failed } from "./states";

const OFTEN_MS = 1_000;
const ROWS = 200;
const OVER = ["done", "failed", "cancelled"];

interface JobProgressProps {
  id: string;
  running: string;
  done: (count: number, refused: number) => string;
  renderRow: (row: JobRow) => ReactNode;
  /** Called once when it is over, to ask anew for what it changed. */
  onOver: () => void;
}

export function JobProgress({ id, running, done, renderRow, onOver }: JobProgressProps) {
  const language = useLanguage();
  const { data: job, error } = useQuery({
    queryKey: ["/api/v1/jobs/{job_id}", id], queryFn: () => got(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id } } })),
    refetchInterval: (query) => (OVER.includes(query.state.data?.state ?? "") ? false : OFTEN_MS),
  });
  const isOver = OVER.includes(job?.state ?? "");
  const { data: told } = useQuery({
    queryKey: ["/api/v1/jobs/{job_id}/rows", id], enabled: isOver,
    queryFn: () => got(api.GET("/api/v1/jobs/{job_id}/rows", { params: { path: { job_id: id }, query: { limit: ROWS } } })),
  });
  useEffect(() => {
    if (isOver) onOver();
    // Once, when it ends: the page asks anew for what the job changed.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isOver]);
  if (error) return <Failed error={error} />;
  const share = job?.row_count ? Math.round((100 * job.done) / job.row_count) : 0;
  return (
    <div className="stack" role="status">
      {isOver && job ? <p><b>{done(job.done - job.refused, job.refused)}</b>{job.why ? <span className="bad"> {job.why[language]}</span> : null}</p> : <><p>{running}</p><Progress percent={share} /></>}
      {told?.rows.map((one) => <p key={one.no}>{renderRow(one)}</p>)}
    </div>
  );
}
