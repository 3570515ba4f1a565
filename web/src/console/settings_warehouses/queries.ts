/** What the page of warehouses asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/warehouses/standing";

export function useHouses() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST)) });
}

/** Codes of the systems that may run a warehouse. */
export function useSystems(isAllowed: boolean) {
  const query = { family: "systems" } as const;
  return useQuery({ queryKey: ["/api/v1/accounts", query], queryFn: () => got(api.GET("/api/v1/accounts", { params: { query } })), enabled: isAllowed });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/warehouses") });
}

export interface Typed {
  code: string; name: string; country: string; province: string; city: string; account: string; priority: number; daily_capacity: number; serves: string[];
}

export function useKeep() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (body: Typed) => got(api.POST("/api/v1/warehouses", { body })), onSuccess });
}

export function useSwitch(code: string) {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (isOn: boolean) => got(isOn ? api.POST("/api/v1/warehouses/enable", { body: { code } }) : api.POST("/api/v1/warehouses/disable", { body: { code } })),
    onSuccess,
  });
}

/** Whether people work there by hand terminals and waves of ours. */
export function useFloor(warehouse: string) {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (isFloor: boolean) => got(api.PUT("/api/v1/floor/house", { body: { warehouse, is_floor: isFloor } })), onSuccess });
}
