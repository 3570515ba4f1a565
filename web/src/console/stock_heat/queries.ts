/** What the heat map asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const HEAT = "/api/v1/stock/heat";

export function useHeat({ by, order, q, category, account, warehouse }: Search) {
  const query = { by: by ?? "hour", order: order ?? "best", q: q ?? "", account: account ?? "", warehouse: warehouse ?? "", ...(category === undefined ? {} : { category }) } as const;
  return useQuery({
    queryKey: [HEAT, query], placeholderData: keepPreviousData, refetchInterval: 30_000,
    queryFn: () => got(api.GET(HEAT, { params: { query } })),
  });
}
