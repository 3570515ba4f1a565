/** What replaying these messages would change, once the server has looked. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReplayPreview } from "@/api/generated/schema";
import { ReplayAhead } from "@/shared/replay_ahead";
import { Show } from "@/shared/states/show";

export function Ahead({ query, asked }: { query: UseQueryResult<ReplayPreview>; asked: number }) {
  return <Show query={query} rows={3}>{(found) => <ReplayAhead found={found} asked={asked} />}</Show>;
}
