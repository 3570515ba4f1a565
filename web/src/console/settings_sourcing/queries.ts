/** What the page of sourcing asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const STOPS = "/api/v1/carrier-stops";
const ARMS = "/api/v1/routing/arms";

export interface StopTyped {
  region: string; carrier: string; reason: string;
}

export function useStops() {
  return useQuery({ queryKey: [STOPS], queryFn: () => got(api.GET(STOPS)) });
}

export function useArms() {
  return useQuery({ queryKey: [ARMS], queryFn: () => got(api.GET(ARMS)) });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: [STOPS] });
}

export function useStop() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (body: StopTyped) => got(api.POST(STOPS, { body: { ...body, begins_at: null, ends_at: null } })), onSuccess });
}

export function useResume() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (stop: string) => got(api.DELETE("/api/v1/carrier-stops/{stop}", { params: { path: { stop } } })), onSuccess });
}
