/** What the page of the floor asks the server, again and again. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const NOW = "/api/v1/floor/now";
const TURNS = "/api/v1/floor/priorities";
const REFRESH_MS = 5_000;

export function useNow(warehouse: string) {
  const query = { warehouse };
  return useQuery({ queryKey: [NOW, query], queryFn: () => got(api.GET(NOW, { params: { query } })), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS });
}

export function useTurns(warehouse: string) {
  const query = { warehouse };
  return useQuery({ queryKey: [TURNS, query], queryFn: () => got(api.GET(TURNS, { params: { query } })), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS });
}
