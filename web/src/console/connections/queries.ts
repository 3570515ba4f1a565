/** What the pages of connections ask the server, and what they have it do. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { ConnectForm } from "@/api/generated/schema";

const LIST = "/api/v1/connections";
const CONNECTORS = "/api/v1/connectors";
const SAMPLE = "/api/v1/accounts/{code}/mapping/sample";
const DRAFTS = "/api/v1/connect-drafts";
const REFRESH_MS = 15_000;
/** The one topic of accounts that take files. */
export const ROWS = "row";

export function useConnections() {
  return useQuery({
    queryKey: [LIST], queryFn: () => got(api.GET(LIST)), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS,
  });
}

export function useConnection(code: string) {
  return useQuery({
    queryKey: [LIST, code], refetchInterval: REFRESH_MS, placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/connections/{code}", { params: { path: { code } } })),
  });
}

export function useTopics(code: string) {
  return useQuery({
    queryKey: ["/api/v1/accounts/{code}/mappings", code],
    queryFn: () => got(api.GET("/api/v1/accounts/{code}/mappings", { params: { path: { code } } })),
  });
}

export function useConnectors() {
  return useQuery({ queryKey: [CONNECTORS], queryFn: () => got(api.GET(CONNECTORS)), staleTime: Infinity });
}

export function useDrafts() {
  return useQuery({ queryKey: [DRAFTS], queryFn: () => got(api.GET(DRAFTS)) });
}

export function useDraft(id: string | undefined) {
  return useQuery({
    queryKey: [DRAFTS, id], enabled: id !== undefined,
    queryFn: () => got(api.GET("/api/v1/connect-drafts/{draft_id}", { params: { path: { draft_id: id ?? "" } } })),
  });
}

/** Changes make old whatever was read of connections. */
function useOld() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({
    predicate: ({ queryKey }) => [LIST, DRAFTS, "/api/v1/accounts"].some((one) => String(queryKey[0]).startsWith(one)),
  });
}

export interface DraftWish {
  id: string;
  connector: string;
  form: Partial<Omit<ConnectForm, "settings">> & { settings?: Record<string, unknown> };
  credentials: Record<string, string>;
}

export function useKeepDraft() {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (body: DraftWish) => got(api.PUT(DRAFTS, { body: body as never })),
  });
}

export function useDropDraft() {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (id: string) => got(api.DELETE("/api/v1/connect-drafts/{draft_id}", { params: { path: { draft_id: id } } })),
  });
}

/** The checks of a draft; they are run anew when the draft was changed, and not by looking away and back. */
export function useExaminedDraft(id: string, changedAt: string) {
  return useQuery({
    queryKey: ["examined", id, changedAt], staleTime: Infinity, refetchOnWindowFocus: false, retry: false,
    queryFn: () => got(api.POST("/api/v1/connect-drafts/{draft_id}/examine", { params: { path: { draft_id: id } } })),
  });
}

export function useConnectDraft() {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: ({ id, isForced }: { id: string; isForced: boolean }) =>
      got(api.POST("/api/v1/connect-drafts/{draft_id}/connect", { params: { path: { draft_id: id } }, body: { is_forced: isForced } })),
  });
}

export function useSwitch() {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: ({ code, isOn }: { code: string; isOn: boolean }) =>
      got(api.POST(isOn ? "/api/v1/accounts/{code}/enable" : "/api/v1/accounts/{code}/disable", { params: { path: { code } } })),
  });
}

export function useExamine(code: string) {
  return useMutation({
    onSuccess: useOld(), mutationFn: () => got(api.POST("/api/v1/accounts/{code}/examine", { params: { path: { code } } })),
  });
}

export function useWatch(code: string) {
  return useMutation({
    onSuccess: useOld(), mutationFn: () => got(api.POST("/api/v1/accounts/{code}/watch", { params: { path: { code } } })),
  });
}

export function useLive(code: string) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (seen: "process" | "set_aside") => got(api.POST("/api/v1/accounts/{code}/live", { params: { path: { code } }, body: { seen } })),
  });
}

export function useRenew(code: string) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: ({ credentials, isForced }: { credentials: Record<string, string>; isForced: boolean }) =>
      got(api.POST("/api/v1/accounts/{code}/credentials", { params: { path: { code } }, body: { credentials, is_forced: isForced } })),
  });
}

export function useSettings(code: string) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (body: { title: string; zone: string; base_url: string; settings: Record<string, unknown>; is_forced: boolean }) =>
      got(api.PUT("/api/v1/accounts/{code}/settings", { params: { path: { code } }, body: body as never })),
  });
}

export function useAuthorise(code: string) {
  return useMutation({ mutationFn: () => got(api.POST("/api/v1/accounts/{code}/authorise", { params: { path: { code } } })) });
}

export function usePreview(code: string, topic: string) {
  return useQuery({
    queryKey: ["/api/v1/accounts/{code}/mapping/preview", code, topic],
    queryFn: () => got(api.GET("/api/v1/accounts/{code}/mapping/preview", { params: { path: { code }, query: { topic } } })),
  });
}

export function useSample(code: string, topic: string, isThere: boolean) {
  return useQuery({
    queryKey: [SAMPLE, code, topic], enabled: isThere, retry: false, staleTime: Infinity,
    queryFn: () => got(api.GET("/api/v1/accounts/{code}/mapping/sample", { params: { path: { code }, query: { topic } } })),
  });
}

export function useUpload(code: string, topic: string) {
  const client = useQueryClient();
  return useMutation({
    onSuccess: (found) => client.setQueryData([SAMPLE, code, topic], found),
    mutationFn: (file: File) =>
      got(api.PUT("/api/v1/accounts/{code}/mapping/sample", {
        params: { path: { code }, query: { topic, name: file.name } }, body: file as never, bodySerializer: (body: unknown) => body as BodyInit,
        headers: { "Content-Type": "application/octet-stream" },
      })),
  });
}

export function useFetchSample(code: string) {
  return useMutation({
    onSuccess: useOld(), mutationFn: () => got(api.POST("/api/v1/accounts/{code}/fetch-sample", { params: { path: { code } } })),
  });
}

export function useImportSample(code: string, topic: string) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: () => got(api.POST("/api/v1/accounts/{code}/import-sample", { params: { path: { code }, query: { topic } } })),
  });
}
