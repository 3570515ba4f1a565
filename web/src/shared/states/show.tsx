/** A query's answer on screen: waiting, failed, or there; old data stays while it is asked for again. */
import type { ReactNode } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import { Failed, Loading } from ".";

export function Show<T>({ query, rows, children }: { query: UseQueryResult<T>; rows?: number; children: (data: T) => ReactNode }) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.error ? <Failed error={query.error} onRetry={retry} /> : <Loading {...(rows ? { rows } : {})} />;
  }
  return (
    <>
      {query.error ? <Failed error={query.error} onRetry={retry} since={query.dataUpdatedAt} /> : null}
      {children(query.data)}
    </>
  );
}
