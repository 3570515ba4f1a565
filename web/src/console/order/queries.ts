/** What the order's page asks the server, and what it asks it to do. */
import { useCallback } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, asHeader, got, newKey } from "@/api/client";
import type { LineRequest, Preview, ReceiverRequest, TagRequest } from "@/api/generated/schema";
import type { Act } from "./search";

export const ORDER = "/api/v1/orders/{reference}";

export function useOrder(reference: string) {
  return useQuery({ queryKey: [ORDER, reference], queryFn: () => got(api.GET(ORDER, { params: { path: { reference } } })) });
}

/** Why its goods go as they do; asked again when something has happened to the order. */
export function useRouting(reference: string, events: number, isDecided: boolean) {
  const path = "/api/v1/orders/{reference}/routing";
  return useQuery({ queryKey: [path, reference, events], queryFn: () => got(api.GET(path, { params: { path: { reference } } })), enabled: isDecided });
}

/** The order with its receiver in clear: asked for with a reason that is logged, kept nowhere. */
export function useClear(reference: string) {
  return useMutation({
    gcTime: 0,
    mutationFn: (reason: string) =>
      got(api.GET(ORDER, { params: { path: { reference }, header: { "X-Unmask-Reason": asHeader(reason) } } })).then((found) => found.receiver),
  });
}

export type Wish =
  | { verb: Exclude<Act, "receiver" | "lines" | "hold" | "release">; reason: string }
  | { verb: "hold"; reason: string; type: string }
  | { verb: "release"; reason: string; hold: number }
  | { verb: "lines"; lines: LineRequest[]; reason: string }
  | { verb: "receiver"; receiver: Omit<ReceiverRequest, "reason" | "token">; reason: string };

interface Sent {
  path: { reference: string };
  header: { "If-Match": string; "Idempotency-Key": string };
}

function look(reference: string, wish: Wish): Promise<Preview> {
  const params = { path: { reference } };
  const { reason } = wish;
  switch (wish.verb) {
    case "hold": return got(api.POST("/api/v1/orders/{reference}/hold/preview", { params, body: { type: wish.type, reason } as never }));
    case "release": return got(api.POST("/api/v1/orders/{reference}/release/preview", { params, body: { hold_no: wish.hold, reason } as never }));
    case "cancel": return got(api.POST("/api/v1/orders/{reference}/cancel/preview", { params, body: { reason } as never }));
    case "reship": return got(api.POST("/api/v1/orders/{reference}/reship/preview", { params, body: { reason } as never }));
    case "lines": return got(api.POST("/api/v1/orders/{reference}/lines/preview", { params, body: { lines: wish.lines, reason } as never }));
    case "receiver": return got(api.POST("/api/v1/orders/{reference}/receiver/preview", { params, body: { ...wish.receiver, reason } as never }));
    default: return got(api.POST("/api/v1/orders/{reference}/actions/{action}/preview", { params: { path: { reference, action: wish.verb } }, body: { reason } as never }));
  }
}

function carryOut(params: Sent, wish: Wish, token: string): Promise<unknown> {
  const { reason } = wish;
  switch (wish.verb) {
    case "hold": return got(api.POST("/api/v1/orders/{reference}/hold", { params, body: { type: wish.type, reason, token } as never }));
    case "release": return got(api.POST("/api/v1/orders/{reference}/release", { params, body: { hold_no: wish.hold, reason, token } as never }));
    case "cancel": return got(api.POST("/api/v1/orders/{reference}/cancel", { params, body: { reason, token } as never }));
    case "reship": return got(api.POST("/api/v1/orders/{reference}/reship", { params, body: { reason, token } as never }));
    case "lines": return got(api.POST("/api/v1/orders/{reference}/lines", { params, body: { lines: wish.lines, reason, token } as never }));
    case "receiver": return got(api.POST("/api/v1/orders/{reference}/receiver", { params, body: { ...wish.receiver, reason, token } as never }));
    default: return got(api.POST("/api/v1/orders/{reference}/actions/{action}", { params: { ...params, path: { ...params.path, action: wish.verb } }, body: { reason, token } as never }));
  }
}

export function usePreview(reference: string) {
  return useMutation({ mutationFn: (wish: Wish) => look(reference, wish) });
}

/** Ask for everything of orders again: after an act of one's own. */
export function useRefreshed() {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ predicate: (query) => /^\/api\/v1\/(orders|cases|counts)/.test(String(query.queryKey[0])) }), [client]);
}

/** Do it, going by the version that was looked at. One key for one wish: a double click is one act. */
export function useCarryOut(reference: string) {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: ({ wish, token, version, key }: { wish: Wish; token: string; version: number; key: string }) =>
      carryOut({ path: { reference }, header: { "If-Match": `"${version}"`, "Idempotency-Key": key } }, wish, token),
    onSuccess,
  });
}

export const freshKey = newKey;

export function useNote(reference: string) {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: (note: { body: string; contacted_at: string | null; promised_at: string | null }) =>
      got(api.POST("/api/v1/orders/{reference}/notes", { params: { path: { reference } }, body: note })),
    onSuccess,
  });
}

/** A message's bytes: only with the right, a reason, and for this look. */
export function useBytes() {
  return useMutation({
    gcTime: 0,
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      got(api.GET("/api/v1/messages/{message_id}", { params: { path: { message_id: id }, header: { "X-Unmask-Reason": asHeader(reason) } } })),
  });
}

/** Which order comes before and after this one in the list that was read last. */
export function useNeighbours(number: string): { place: number; of: number; before?: string | undefined; after?: string | undefined } | undefined {
  const client = useQueryClient();
  const lists = client.getQueriesData<{ orders?: readonly { number: string }[] }>({ queryKey: ["/api/v1/orders"] });
  for (const [, list] of lists.toReversed()) {
    const numbers = list?.orders?.map((one) => one.number) ?? [];
    const at = numbers.indexOf(number);
    if (at >= 0) return { place: at + 1, of: numbers.length, before: numbers[at - 1], after: numbers[at + 1] };
  }
  return undefined;
}

export function useTags(isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/tags"], queryFn: async () => (await got(api.GET("/api/v1/tags"))).tags, enabled: isOn, staleTime: 60_000 });
}

export function useTagging() {
  const onSuccess = useRefreshed();
  return useMutation({ mutationFn: (body: TagRequest) => got(api.POST("/api/v1/tags/apply", { body })), onSuccess });
}
