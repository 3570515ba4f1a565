/** What one's own account asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, setProof } from "@/api/client";
import { meQuery } from "@/shell/me";

const SESSIONS = "/api/v1/me/sessions";
const SECOND = "/api/v1/me/second-factor";

export function useSessions() {
  return useQuery({ queryKey: [SESSIONS], queryFn: () => got(api.GET(SESSIONS)) });
}

export function useSecond() {
  return useQuery({ queryKey: [SECOND], queryFn: () => got(api.GET(SECOND)) });
}

function useChanged() {
  const client = useQueryClient();
  return () => [[SESSIONS], [SECOND], meQuery.queryKey].forEach((queryKey) => void client.invalidateQueries({ queryKey }));
}

export function useEnd() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (id: string | null) => id === null
      ? got(api.DELETE(SESSIONS, { params: { query: { others: true } } }))
      : got(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess,
  });
}

export function usePassword() {
  const changed = useChanged();
  return useMutation({
    mutationFn: (body: { old: string; new: string }) => got(api.POST("/api/v1/session/password", { body })),
    onSuccess: (session) => {
      setProof(session.csrf);
      return changed();
    },
  });
}

export function useBegin() {
  return useMutation({ mutationFn: (password: string) => got(api.POST(SECOND, { body: { password } })) });
}

export function useConfirm() {
  return useMutation({ mutationFn: (code: string) => got(api.POST("/api/v1/me/second-factor/confirm", { body: { code } })) });
}

export function useCodes() {
  return useMutation({ mutationFn: (password: string) => got(api.POST("/api/v1/me/second-factor/recovery-codes", { body: { password } })) });
}

export function useTakeOff() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (password: string) => got(api.POST("/api/v1/me/second-factor/disable", { body: { password } })), onSuccess });
}

/** Read anew what a second factor changes: what is on, and what the user may do. */
export const useSecondChanged = useChanged;
