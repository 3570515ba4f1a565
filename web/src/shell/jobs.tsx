/** What goes on in the background for this user, how far it is, and the files that it made. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Popover, Progress } from "antd";
import { Download, ListChecks } from "lucide-react";
import { api, got } from "@/api/client";
import type { JobView } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useLanguage, useWords } from "@/words/language";
import { shell } from "@/words/shell";

const LIST = "/api/v1/jobs";
const OFTEN_MS = 2_000;
const isOpen = (job: JobView) => job.state === "waiting" || job.state === "running";

export function Jobs() {
  const words = useWords(shell);
  const { data = [] } = useQuery({
    queryKey: [LIST], queryFn: async () => (await got(api.GET(LIST, { params: { query: { limit: 20 } } }))).jobs, staleTime: OFTEN_MS, retry: false,
    refetchInterval: (query) => (query.state.data?.some(isOpen) ? OFTEN_MS : false),
  });
  if (data.length === 0) return null;
  const open = data.filter(isOpen);
  return (
    <Popover trigger="click" placement="bottomRight" content={<ul className="stack jobs">{data.map((job) => <Job key={job.id} job={job} />)}</ul>}>
      <Button type="text" aria-label={open.length > 0 ? `${words.jobs} ${open.length}` : words.jobs} icon={<ListChecks aria-hidden="true" />}>{open.length > 0 ? open.length : null}</Button>
    </Popover>
  );
}

function Job({ job }: { job: JobView }) {
  const words = useWords(shell);
  const language = useLanguage();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => got(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
  const share = job.row_count ? Math.round((100 * job.done) / job.row_count) : undefined;
  return (
    <li className="stack">
      <span className="line"><b className="cut">{job.title?.[language] ?? job.kind}</b><span className="grow" /><When at={job.created_at} /></span>
      {isOpen(job) ? <Progress size="small" percent={share ?? 0} showInfo={share !== undefined} /> : <span className="dim">{words.jobDone(job.done, job.refused)}{job.why ? ` · ${job.why[language]}` : ""}</span>}
      <span className="do">
        {job.file ? <Button size="small" icon={<Download aria-hidden="true" />} href={`${LIST}/${job.id}/file`}>{words.download}</Button> : null}
        {isOpen(job) ? <Button size="small" loading={stop.isPending} onClick={() => stop.mutate()}>{words.stop}</Button> : null}
      </span>
    </li>
  );
}
