/** What the print page asks the server, and what people tell it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const LIST = "/api/v1/print/jobs";
const PRINTERS = "/api/v1/print/printers";
const REFRESH_MS = 5_000;

export function useJobs({ state, after }: Search) {
  const query = { state: state ?? "open", cursor: after ?? "", limit: 50 } as const;
  return useQuery({
    queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS,
  });
}

export function usePrinters() {
  return useQuery({ queryKey: [PRINTERS], queryFn: () => got(api.GET(PRINTERS, {})), refetchInterval: REFRESH_MS });
}

export type Said = { kind: "answer"; came_out: boolean } | { kind: "reprint"; reason: string; printer: string } | { kind: "cancel" };

/** A person's word on one job. */
export function useSay(job: number) {
  const client = useQueryClient();
  const params = { path: { print_job: job } };
  return useMutation({
    mutationFn: (said: Said) => {
      if (said.kind === "answer") return got(api.POST("/api/v1/print/jobs/{print_job}/answer", { params, body: { came_out: said.came_out } }));
      if (said.kind === "cancel") return got(api.POST("/api/v1/print/jobs/{print_job}/cancel", { params }));
      return got(api.POST("/api/v1/print/jobs/{print_job}/reprint", { params, body: { reason: said.reason, printer: said.printer } }));
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
}
