/** What the page of notifications asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const RULES = "/api/v1/notifications/rules";
const LOG = "/api/v1/notifications";
const PEOPLE = "/api/v1/recipients";

export function useRules() {
  return useQuery({ queryKey: [RULES], queryFn: () => got(api.GET(RULES)) });
}

export function useRecipients(isAllowed: boolean) {
  return useQuery({ queryKey: [PEOPLE], queryFn: () => got(api.GET(PEOPLE)), enabled: isAllowed });
}

export function useLog({ state, after }: Search) {
  const query = { state: state ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [LOG, query], queryFn: () => got(api.GET(LOG, { params: { query } })), placeholderData: keepPreviousData });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => [RULES, LOG, PEOPLE].includes(String(query.queryKey[0])) });
}

export interface Typed { recipient: string; account: string; address: string }

export function useKeep() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: ({ recipient, account, address }: Typed) =>
      got(api.PUT("/api/v1/recipients/{recipient}/{account}", { params: { path: { recipient, account } }, body: { address } })),
    onSuccess,
  });
}

export function useForget() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (path: { recipient: string; account: string }) => got(api.DELETE("/api/v1/recipients/{recipient}/{account}", { params: { path } })), onSuccess,
  });
}

export function useTrial() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (body: { account: string; recipient: string }) => got(api.POST("/api/v1/notifications/trial", { body })), onSuccess });
}

export function useAcknowledge() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (id: string) => got(api.POST("/api/v1/notifications/{notification_id}/acknowledge", { params: { path: { notification_id: id } } })), onSuccess,
  });
}
