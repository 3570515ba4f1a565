/** What the mapping editor asks the server, and what it has it do. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Content } from "./rule";

const ONE = "/api/v1/accounts/{code}/mapping";
const SAMPLE = "/api/v1/accounts/{code}/mapping/sample";

export interface Where {
  code: string;
  topic: string;
}

const at = ({ code, topic }: Where) => ({ path: { code }, query: { topic } });

export function useMapping(where: Where) {
  return useQuery({
    queryKey: [ONE, where], refetchOnWindowFocus: false, queryFn: () => got(api.GET(ONE, { params: at(where) })),
  });
}

export function useSample(where: Where, sample: string | undefined) {
  return useQuery({
    queryKey: [SAMPLE, where, sample], enabled: sample !== undefined, refetchOnWindowFocus: false, retry: false, staleTime: Infinity,
    queryFn: () => got(api.GET(SAMPLE, { params: { path: { code: where.code }, query: { topic: where.topic, sample: sample ?? "" } } })),
  });
}

function useOld() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: ({ queryKey }) => /accounts|connections/.test(String(queryKey[0])) });
}

export function useUpload(where: Where) {
  const client = useQueryClient();
  return useMutation({
    onSuccess: (found) => {
      client.setQueryData([SAMPLE, where, "upload"], found);
      void client.invalidateQueries({ queryKey: [ONE, where] });
    },
    mutationFn: (file: File) =>
      got(api.PUT(SAMPLE, {
        params: { path: { code: where.code }, query: { topic: where.topic, name: file.name } }, body: file as never,
        bodySerializer: (body: unknown) => body as BodyInit, headers: { "Content-Type": "application/octet-stream" },
      })),
  });
}

export function useKeepDraft(where: Where) {
  return useMutation({
    mutationFn: ({ content, known }: { content: Content; known: string }) =>
      got(api.PUT("/api/v1/accounts/{code}/mapping/draft", { params: at(where), body: { content: content as never, known } })),
  });
}

export function useDropDraft(where: Where) {
  return useMutation({
    onSuccess: useOld(), mutationFn: () => got(api.DELETE("/api/v1/accounts/{code}/mapping/draft", { params: at(where) })),
  });
}

export function useTrial(where: Where) {
  return useMutation({ mutationFn: () => got(api.POST("/api/v1/accounts/{code}/mapping/trial", { params: at(where) })) });
}

export function usePublish(where: Where) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (wish: { digest: string; reason: string; isForced: boolean }) =>
      got(api.POST("/api/v1/accounts/{code}/mapping/publish", { params: at(where), body: { digest: wish.digest, reason: wish.reason, is_forced: wish.isForced } })),
  });
}

export function useRollBack(where: Where) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (wish: { version: number; reason: string }) =>
      got(api.POST("/api/v1/accounts/{code}/mapping/roll-back", { params: at(where), body: wish })),
  });
}

export function useMapWord(where: Where) {
  return useMutation({
    onSuccess: useOld(),
    mutationFn: (wish: { dictionary: string; word: string; meaning: Record<string, unknown>; reason: string }) =>
      got(api.POST("/api/v1/accounts/{code}/statuses", { params: { path: { code: where.code } }, body: wish as never })),
  });
}
