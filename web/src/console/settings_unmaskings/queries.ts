/** What the list of who saw clear text asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/unmaskings";

export function useUnmaskings(after: string | undefined) {
  const query = { cursor: after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData });
}
