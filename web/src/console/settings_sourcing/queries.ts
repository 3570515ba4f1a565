/** What the page of sourcing asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const STOPS = "/api/v1/carrier-stops";
const ARMS = "/api/v1/routing/arms";

const OPTIONS = "/api/v1/delivery-options";

export interface OptionWish {
  province: string; city: string; sku: string[];
}

export interface StopTyped {
  region: string; carrier: string; reason: string;
}

export function useStops() {
  return useQuery({ queryKey: [STOPS], queryFn: () => got(api.GET(STOPS)) });
}

export function useArms() {
  return useQuery({ queryKey: [ARMS], queryFn: () => got(api.GET(ARMS)) });
}

/** How goods could come to a place; nothing is asked before a place and goods are given. */
export function useOptions(wish: OptionWish | undefined) {
  return useQuery({
    queryKey: [OPTIONS, wish], enabled: wish !== undefined, retry: false,
    queryFn: () => got(api.GET(OPTIONS, { params: { query: { province: wish?.province ?? "", city: wish?.city ?? "", sku: wish?.sku ?? [] } } })),
  });
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
