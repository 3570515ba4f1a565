/** What the page of works that could leave together asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { TogetherGroup } from "@/api/generated/schema";

const LIST = "/api/v1/works/together";
const REFRESH_MS = 15_000;

export const keyOf = (group: TogetherGroup) => group.works[0]?.number ?? "";

export function useTogether() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST, {})), refetchInterval: REFRESH_MS });
}

/** Merges each group, one after the other; tells how many. The first that cannot be ends it, what is merged stays. */
export function useMerge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (groups: readonly TogetherGroup[]): Promise<number> => {
      let count = 0;
      for (const { works } of groups) {
        const [first, ...others] = works.map((work) => work.number);
        if (first === undefined) continue;
        // oxlint-disable-next-line no-await-in-loop -- each is a transaction of its own, and the first refusal is told
        await got(api.POST("/api/v1/works/{number}/merge", { params: { path: { number: first } }, body: { works: others } }));
        count += 1;
      }
      return count;
    },
    onSettled: () => void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith("/api/v1/works") }),
  });
}
