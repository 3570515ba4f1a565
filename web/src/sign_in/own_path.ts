/** Where to go after signing in: a path of the hub's own, its start for whatever could lead elsewhere. */
export function ownPath(wanted: string | null, origin = window.location.origin): string {
  if (!wanted?.startsWith("/") || /^\/[/\\]|\\/.test(wanted)) return "/";
  const target = new URL(wanted, origin);
  return target.origin === origin ? target.pathname + target.search + target.hash : "/";
}
