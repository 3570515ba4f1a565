/** What the works page asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { HandWork } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/works";
const ONE = "/api/v1/works/{number}";
const REFRESH_MS = 15_000;

export function useWorks({ state, warehouse, after }: Search) {
  const query = { state: state ?? "open", warehouse: warehouse ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({
    queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS,
  });
}

export function useWork(number: string) {
  return useQuery({ queryKey: [ONE, number], queryFn: () => got(api.GET(ONE, { params: { path: { number } } })) as Promise<HandWork> });
}

export type Done = "picked" | "packed";
export interface Left {
  waybill: string;
  carrier: string;
  reason: string;
}

/** Says that a step of this work was done, or that its goods left. */
export function useTold(number: string) {
  const client = useQueryClient();
  const params = { path: { number } };
  return useMutation({
    mutationFn: (said: Done | Left) => {
      if (said === "picked") return got(api.POST("/api/v1/works/{number}/picked", { params, body: { reason: "" } }));
      if (said === "packed") return got(api.POST("/api/v1/works/{number}/packed", { params, body: { reason: "" } }));
      return got(api.POST("/api/v1/works/{number}/out", { params, body: { ...said, units: {}, instead_of: "" } }));
    },
    onSuccess: () => void client.invalidateQueries({ predicate: ({ queryKey }) => [LIST, "/api/v1/orders"].some((one) => String(queryKey[0]).startsWith(one)) }),
  });
}
