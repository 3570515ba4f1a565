/** Words of the blueprint and the connectors, which each installation may change: stages, phases, cases, roles, channels, carriers. */
import { useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Titles } from "@/api/generated/schema";
import { useLanguage } from "@/words/language";

const NONE: Titles = { stages: {}, phases: {}, cases: {}, roles: {}, connectors: {}, milestones: {}, holds: {}, verbs: {}, effects: {}, carriers: {} };
type Kind = keyof Titles;

/** A reader of titles: `title("stages", "picking")`; a name that has none is shown as it is. */
export function useTitles(): (kind: Kind, name: string) => string {
  const language = useLanguage();
  const { data = NONE } = useQuery({
    queryKey: ["/api/v1/words"],
    queryFn: () => got(api.GET("/api/v1/words")),
    staleTime: 10 * 60_000,
  });
  return (kind, name) => data[kind][name]?.[language] ?? name;
}

/** The names that have titles, to choose among. */
export function useNames(): (kind: Kind) => readonly string[] {
  const { data = NONE } = useQuery({ queryKey: ["/api/v1/words"], queryFn: () => got(api.GET("/api/v1/words")), staleTime: 10 * 60_000 });
  return (kind) => Object.keys(data[kind]);
}
