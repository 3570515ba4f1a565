/** What the boards ask the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useMay } from "@/shell/me";
import type { BoardName, Search } from "./search";

const BOARD = "/api/v1/insight/{board}";

function parameters(search: Search) {
  return {
    by: search.by ?? "day", ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}),
    channel: search.channel ?? "", account: search.account ?? "", warehouse: search.warehouse ?? "",
  } as const;
}

export function useBoard(board: BoardName, search: Search, isWanted = true) {
  const query = parameters(search);
  return useQuery({
    queryKey: [BOARD, board, query], enabled: isWanted, placeholderData: keepPreviousData, staleTime: 30_000,
    queryFn: () => got(api.GET(BOARD, { params: { path: { board }, query } })),
  });
}

/** Where the browser fetches what is shown as a file. */
export function fileAddress(board: BoardName, search: Search): string {
  const query = new URLSearchParams(Object.entries({ ...parameters(search), form: "csv" }).filter(([, value]) => value !== ""));
  return `/api/v1/insight/${board}?${query.toString()}`;
}

/** The shops and warehouses that a board can be narrowed to. Who may not read the accounts has none to choose from. */
export function usePlaces() {
  const me = useMay();
  const accounts = useQuery({
    queryKey: ["/api/v1/accounts"], enabled: me("accounts:read"), staleTime: 5 * 60_000, queryFn: () => got(api.GET("/api/v1/accounts")),
  });
  const warehouses = useQuery({
    queryKey: ["/api/v1/warehouses"], enabled: me("stock:read"), staleTime: 5 * 60_000, queryFn: () => got(api.GET("/api/v1/warehouses")),
  });
  const shops = accounts.data?.accounts.filter((one) => one.family === "channels") ?? [];
  return {
    channels: [...new Set(shops.map((one) => one.connector))], accounts: shops.map((one) => one.code),
    warehouses: warehouses.data?.warehouses.map((one) => one.code) ?? [],
  };
}
