/** What a page shows when it has nothing, nothing yet, no right, or a fault: said plainly, with what to do. */
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { Button, Skeleton } from "antd";
import { Link } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { useLanguage, useWords, oneLanguage } from "@/words/language";
import { shared } from "@/words/shared";
import { whenExact } from "@/shared/when";

/** Shows its children only when the wait has lasted 150 ms: a quick answer must not flicker. */
export function Late({ children }: { children: ReactNode }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 150);
    return () => window.clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}

export function Loading({ rows = 6 }: { rows?: number }) {
  const words = useWords(shared);
  return (
    <Late>
      <div className="state-wait" role="status" aria-label={words.loading}>
        <Skeleton active title={false} paragraph={{ rows }} />
      </div>
    </Late>
  );
}

/** Nothing to show: what this place is for, and the one button that leads there. */
export function Empty({ title, text, action }: { title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {text ? <p>{text}</p> : null}
      {action}
    </div>
  );
}

/** What went wrong, what still works, what to do. With `since` it stands above old data. */
export function Failed({ error, onRetry, since }: { error: unknown; onRetry?: (() => void) | undefined; since?: number | undefined }) {
  const words = useWords(shared);
  const language = useLanguage();
  const problem = asProblem(error);
  if (problem.status === 403) return <NoRight what={oneLanguage(problem.detail, language)} />;
  const isAway = problem.code === "database_away" || problem.code === "not_ready";
  const title = problem.status === 0 ? words.unreachable : problem.title ? oneLanguage(problem.title, language) : words.failed;
  const means = problem.status === 0 ? words.unreachableMeans : oneLanguage(problem.detail, language) || words.failedMeans;
  const known = since ? whenExact(new Date(since), language) : "";
  return (
    <div className={since ? "alert bad" : "state"} role="alert">
      <div>
        <h2>{isAway && since ? words.databaseAway(known) : title}</h2>
        {isAway && since ? null : <p>{since ? `${means} ${words.stale}（${words.asOf(known)}）` : means}</p>}
      </div>
      <div className="do">
        {onRetry ? <Button onClick={onRetry}>{words.retry}</Button> : null}
        <Diagnosis error={problem} />
      </div>
    </div>
  );
}

/** Copies what a supporter needs: code, status, time, address; no content and nobody's data. */
function Diagnosis({ error }: { error: unknown }) {
  const words = useWords(shared);
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    const problem = asProblem(error);
    const text = JSON.stringify({
      code: problem.code, status: problem.status, at: problem.at.toISOString(), path: window.location.pathname, agent: navigator.userAgent,
    });
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return <Button type="text" onClick={copy}>{isCopied ? words.copied : words.copyDiagnosis}</Button>;
}

export function NoRight({ what }: { what: string }) {
  const words = useWords(shared);
  return <Empty title={words.noRight} text={`${words.noRightMeans}${what}`} action={<Link to="/">{words.home}</Link>} />;
}

export function NotFound() {
  const words = useWords(shared);
  return <Empty title={words.notFound} text={words.notFoundMeans} action={<Link to="/">{words.home}</Link>} />;
}

/** The last resort of a page that threw. */
export function Crashed({ error }: { error: unknown }) {
  const words = useWords(shared);
  return (
    <div className="state" role="alert">
      <h2>{words.crashed}</h2>
      <p>{words.crashedMeans}</p>
      <div className="do">
        <Button type="primary" onClick={() => window.location.reload()}>{words.reload}</Button>
        <Diagnosis error={error} />
      </div>
    </div>
  );
}

export function OnComputer() {
  const words = useWords(shared);
  return (
    <Empty
      title={words.onComputer} text={words.onComputerMeans}
      action={<Button onClick={() => void navigator.clipboard.writeText(window.location.href)}>{words.copyLink}</Button>}
    />
  );
}
