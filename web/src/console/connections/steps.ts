/** The five steps of connecting something, as they are called and numbered. */
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";
import type { Step } from "./search";

export const STEP_AT: Record<Step, number> = { credentials: 1, test: 2, sample: 3, preview: 4 };

export function useStepTitles(): readonly string[] {
  const words = useWords(connections);
  return [words.stepPlatform, words.stepCredentials, words.stepTest, words.stepSample, words.stepPreview];
}
