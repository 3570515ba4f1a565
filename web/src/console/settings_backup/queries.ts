/** What the page of backups asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const STATE = "/api/v1/backups";

export function useBackups() {
  return useQuery({ queryKey: [STATE], queryFn: () => got(api.GET(STATE)) });
}

export interface Typed { kind: "backup" | "drill"; is_good: boolean; seconds: number; bytes: number; place: string; detail: string }

export function useNote() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (body: Typed) => got(api.POST(STATE, { body })), onSuccess: () => void client.invalidateQueries({ queryKey: [STATE] }) });
}
