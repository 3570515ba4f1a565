/** What the deliveries page asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const LIST = "/api/v1/deliveries";

export function useDeliveries({ state, after }: Search) {
  const query = { state: state ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({
    queryKey: [LIST, query],
    queryFn: () => got(api.GET(LIST, { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
