/** Which cards Home has, in which order a role gets them, and which of them a user has hidden. */
export const CARDS = ["mine", "route", "account", "shops", "cases", "systems"] as const;
export type Card = (typeof CARDS)[number];

const ORDER: Record<string, readonly Card[]> = {
  management: ["shops", "mine", "route", "account", "cases", "systems"],
  finance: ["mine", "shops", "route", "account", "cases", "systems"],
};
export const PREFERENCE = "home.hidden";
export const GUIDE_ASIDE = "home.guide_aside";

export function hiddenOf(preferences: Record<string, unknown>): readonly Card[] {
  const kept = preferences[PREFERENCE];
  return Array.isArray(kept) ? CARDS.filter((card) => kept.includes(card)) : [];
}

/** The cards of a role without those that its user has hidden. */
export function cardsFor(role: string, preferences: Record<string, unknown>): readonly Card[] {
  const hidden = hiddenOf(preferences);
  return (ORDER[role] ?? CARDS).filter((card) => !hidden.includes(card));
}
