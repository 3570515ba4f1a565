/** What the desk of doubts asks the server, and how a doubt is ended. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { DoubtedRequest } from "@/api/generated/schema";

const LIST = "/api/v1/works/doubts";
const REFRESH_MS = 5_000;

export function useDoubts() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST, {})), refetchInterval: REFRESH_MS });
}

export type Ended = { kind: "ask" } | { kind: "found"; waybill: string; evidence: string } | { kind: "none"; reason: string };

/** Ends one doubt: the carrier is asked again, or a person says what they found. */
export function useEnd(doubt: DoubtedRequest) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ended: Ended): Promise<unknown> => {
      const delivery = { path: { delivery_id: doubt.delivery ?? "" } };
      if (ended.kind === "ask") return got(api.POST("/api/v1/deliveries/{delivery_id}/resend", { params: delivery }));
      if (ended.kind === "none") return got(api.POST("/api/v1/deliveries/{delivery_id}/give-up", { params: delivery, body: { reason: ended.reason } }));
      return got(api.POST("/api/v1/works/{number}/label/attest", {
        params: { path: { number: doubt.work } }, body: { label: doubt.number, waybill: ended.waybill, evidence: ended.evidence },
      }));
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
}
